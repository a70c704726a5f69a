"""Makes what the offline recogniser knows of bird descriptions, in the form that PocketSphinx reads.

python main.py train speech --data DIR --output weights/speech [--adapt N]
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from app.adapt_ears import adapt
from app.bird_ears import FILES, EarsError, compile_language_model, stock_model
from model.errors import PlainError
from model.speech.train import LANGUAGE_MODEL, train_speech


def train_ears(data: Path, output: Path, prompts: int) -> None:
    """Write language model and dictionary into `output`, and means adapted to `prompts` sentences unless that is 0.

    Raises PlainError for bad data or missing tools.
    """
    try:
        cmu = stock_model() / "cmudict-en-us.dict"
    except EarsError as error:
        raise PlainError(str(error)) from None
    with TemporaryDirectory() as folder:
        arpa = Path(folder) / LANGUAGE_MODEL
        train_speech(data, output, arpa, cmu)
        compile_language_model(arpa, output / FILES["lm"])
    if prompts:
        adapt(data, output, prompts)
