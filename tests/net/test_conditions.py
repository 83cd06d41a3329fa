from scanner.net.conditions import Conditions, Weather


def test_nothing_measured_is_no_loss() -> None:
    assert Weather().now() == Conditions(rtt=0.0, loss=0.0, lossy=False)


def test_the_time_is_that_within_which_nearly_all_answer() -> None:
    weather = Weather()
    for number in range(100):
        weather.answered(0.3 if number >= 97 else 0.002)
    assert weather.now().rtt == 0.002
    for _ in range(20):
        weather.answered(0.3)
    assert weather.now().rtt == 0.3


def test_an_answer_to_the_repeated_syn_is_a_loss_and_no_time() -> None:
    weather = Weather()
    for seconds in (0.01, 1.02, 0.01, 1.2):
        weather.answered(seconds)
    assert weather.now() == Conditions(rtt=0.01, loss=0.5, lossy=True)


def test_one_late_answer_may_be_anything() -> None:
    weather = Weather()
    weather.answered(1.1)
    assert not weather.now().lossy


def test_repeated_questions_count_too() -> None:
    weather = Weather()
    weather.missed(answered=8, lost=2)
    assert weather.now() == Conditions(rtt=0.0, loss=0.2, lossy=True)


def test_what_was_long_ago_is_forgotten() -> None:
    weather = Weather()
    weather.missed(answered=0, lost=5)
    for _ in range(500):
        weather.answered(0.01)
    assert not weather.now().lossy
