"""Speak Out and Get Your Bird: `python main.py` opens the app; `python main.py --help` lists what else it can do."""

import argparse
import io
import math
import signal
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code: 0, or 2 with one plain sentence on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that lacks a letter shows a question mark
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    except Exception as error:
        sentence = _plain_sentence(error)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)
        return 2


def _plain_sentence(error: Exception) -> str | None:
    """What to tell a person, or None for a fault in the program itself."""
    from model.errors import PlainError

    if isinstance(error, PlainError):
        return str(error)
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror or error}."
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":  # the second is torch's
        return "There is not enough memory for this; ask for fewer samples, or use --device cpu."
    if isinstance(error, ImportError) and "tkinter" in str(error):
        return "This Python has no Tk, which the window needs; `generate` works without it."
    if isinstance(error, ModuleNotFoundError):
        return f"The package {error.name} is not installed; `make test` installs all that any command needs."
    return None


def open_app(options: argparse.Namespace) -> int:
    from app.application import open_app

    return open_app()


def generate(options: argparse.Namespace) -> None:
    from model.generate import generate

    generate(options.caption, options.output, options.seed, options.samples, options.weights, options.device)


def transcribe(options: argparse.Namespace) -> None:
    from app.transcriber import TranscriptionError, transcribe
    from model.errors import PlainError

    try:
        transcript = transcribe(options.file, options.engine)
    except TranscriptionError as error:
        raise PlainError(str(error)) from None
    if transcript.note:
        print(transcript.note, file=sys.stderr)
    print(transcript.text)


def prepare(options: argparse.Namespace) -> None:
    from model.data.prepare import prepare

    prepare(options.data, options.output, options.side, options.shard_mib)


def train_damsm(options: argparse.Namespace) -> None:
    from model.training.damsm import train_damsm
    from model.training.options import read_damsm_preset

    recipe = read_damsm_preset(options.preset, tuple(options.set))
    train_damsm(options.data, options.output, options.max_minutes, options.resume, options.device, recipe)


def train_gan(options: argparse.Namespace) -> None:
    from model.errors import PlainError
    from model.places import find_encoders
    from model.training.gan import train_gan
    from model.training.options import ScoreOptions
    from model.weights import find_weights

    if options.score_minutes < 0 or options.score_captions < 1:
        raise PlainError("--score-minutes is at least 0, and --score-captions at least 1.")
    start = find_weights(options.start) if options.start else None
    score = (
        ScoreOptions(options.score_minutes, options.score_captions, find_encoders(options.judge))
        if options.score_minutes
        else None
    )
    train_gan(
        options.data,
        options.output,
        find_encoders(options.encoders) if options.encoders else None,
        options.max_minutes,
        options.preset,
        tuple(options.set),
        options.resume,
        options.device,
        score,
        start,
        tuple(map(find_encoders, options.guides)),
    )


def train_speech(options: argparse.Namespace) -> None:
    from app.train_ears import train_ears

    train_ears(options.data, options.output, options.adapt)


def evaluate(options: argparse.Namespace) -> None:
    from model.evaluation.evaluate import evaluate
    from model.places import find_encoders

    judge = find_encoders(options.judge)
    evaluate(options.weights, options.data, options.output, options.captions, options.device, judge)


def card(options: argparse.Namespace) -> None:
    from model.evaluation.card import write_card

    write_card(options.weights, options.report, options.remark, options.device)


def import_published(options: argparse.Namespace) -> None:
    from model.published import import_published

    config = import_published(options.generator, options.text_encoder, options.vocabulary, options.output)
    largest, words = config.image_sizes[-1], config.vocabulary_size
    print(f"Wrote {options.output}: {config.stages} stages up to {largest} px, {words} words.")


def benchmark(options: argparse.Namespace) -> None:
    from model.benchmark import benchmark

    benchmark(options.json, options.weights, options.device)


def benchmark_speech(options: argparse.Namespace) -> None:
    from app.speech_benchmark import benchmark_speech

    benchmark_speech(options.data, options.json, options.limit, options.plain)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="main.py", description=__doc__)
    parser.set_defaults(run=open_app)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    command = _command(commands, "generate", generate, "paint a caption into a folder")
    command.add_argument("caption", metavar="CAPTION")
    command.add_argument("--output", type=Path, required=True, metavar="DIR")
    command.add_argument("--seed", type=int, default=0, metavar="N")
    command.add_argument("--samples", type=int, default=1, metavar="K")
    _add_weights(command)

    command = _command(commands, "transcribe", transcribe, "print what was said in a sound file")
    command.add_argument("file", type=Path, metavar="FILE.wav")
    command.add_argument(
        "--engine",
        choices=("google", "sphinx", "vosk", "whisper"),
        default="google",
        help="google sends the sound to Google over https, and sphinx takes over when that is not reached; "
        "with the others nothing leaves this computer; vosk and whisper have to be installed (default: google)",
    )

    command = _command(commands, "prepare", prepare, "pack a data set into a few files, quick to read and to move")
    command.add_argument("--data", type=Path, required=True, metavar="DIR", help="CUB-200-2011 with AttnGAN's captions")
    command.add_argument("--output", type=Path, required=True, metavar="SHARDS")
    command.add_argument("--side", type=int, default=392, metavar="N", help="longest side in pixels (default: 392)")
    command.add_argument("--shard-mib", type=float, default=16, metavar="M", help="most MiB of a file (default: 16)")

    networks = _command(commands, "train", None, "train the networks").add_subparsers(
        title="networks", metavar="damsm|gan|speech", required=True
    )
    command = _command(networks, "damsm", train_damsm, "the text encoder and the image encoder")
    _add_run(command, minutes=20)
    command = _command(networks, "gan", train_gan, "the generator, stage after stage")
    _add_run(command, minutes=90)
    command.add_argument(
        "--encoders",
        metavar="NAME_OR_DIR",
        help="the DAMSM run or weight set to learn from (default: that of the run resumed, --start or --output)",
    )
    command.add_argument(
        "--start", metavar="NAME_OR_DIR", help="a weight set to go on from; its encoders are the default for --encoders"
    )
    command.add_argument(
        "--guides",
        nargs="+",
        action="extend",
        default=[],
        metavar="NAME_OR_DIR",
        help="more of them to ask whether a painting fits its words, by turns with the first",
    )
    command.add_argument(
        "--score-minutes", type=float, default=0, metavar="M", help="measure every M minutes and draw RUN/scores.png"
    )
    command.add_argument(
        "--score-captions", type=int, default=100, metavar="N", help="pictures a measurement (default: 100)"
    )
    _add_judge(command)

    command = _command(networks, "speech", train_speech, "what the offline recogniser knows of bird descriptions")
    command.add_argument("--data", type=Path, required=True, metavar="DIR", help="CUB-200-2011 with AttnGAN's captions")
    command.add_argument("--output", type=Path, required=True, metavar="FOLDER", help="the app reads weights/speech")
    command.add_argument(
        "--adapt",
        type=int,
        default=0,
        metavar="N",
        help="also adapt the acoustic model to N sentences of synthetic voices, by sphinxtrain (the shipped one: 328)",
    )

    command = _command(commands, "evaluate", evaluate, "measure a weight set")
    command.add_argument("--data", type=Path, required=True, metavar="DIR")
    command.add_argument("--output", type=Path, required=True, metavar="FILE.json")
    command.add_argument(
        "--captions", type=int, default=3000, metavar="N", help="pictures painted from test captions (default: 3000)"
    )
    _add_judge(command)
    _add_weights(command)

    command = _command(commands, "card", card, "write a weight set's model card from what was measured")
    command.add_argument("--report", type=Path, required=True, metavar="FILE.json", help="what evaluate wrote")
    command.add_argument("--remark", default="", metavar="SENTENCE", help="what a stranger should know first")
    _add_weights(command)

    command = _command(commands, "import", import_published, "turn a published AttnGAN checkpoint into a weight set")
    command.add_argument("--generator", type=Path, required=True, metavar="G.pth")
    command.add_argument("--text-encoder", type=Path, required=True, metavar="T.pth")
    command.add_argument("--vocabulary", type=Path, required=True, metavar="captions.pickle")
    command.add_argument("--output", type=Path, required=True, metavar="DIR")

    command = _command(commands, "benchmark", benchmark, "time painting and training on this computer")
    command.add_argument("--json", action="store_true", help="print JSON")
    _add_weights(command)
    kinds = command.add_subparsers(title="instead", metavar="speech")
    command = _command(kinds, "speech", benchmark_speech, "word errors and speed of the offline recogniser")
    command.add_argument("--data", type=Path, required=True, metavar="DIR", help="CUB-200-2011 with AttnGAN's captions")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.add_argument("--limit", type=int, default=210, metavar="N", help="sentences (default: 210)")
    command.add_argument(
        "--plain", type=int, default=21, metavar="N", help="of them PocketSphinx as it comes hears (default: 21)"
    )
    return parser


def _command(commands, name, run, summary):  # type: ignore[no-untyped-def]  # argparse's own types are private
    command = commands.add_parser(name, help=summary, description=summary)
    command.set_defaults(run=run)
    return command


def _add_weights(command: argparse.ArgumentParser) -> None:
    command.add_argument("--weights", default="birds-512", metavar="NAME_OR_DIR")
    _add_device(command)


def _add_judge(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--judge",
        default="judge",
        metavar="NAME_OR_DIR",
        help="the encoders that measure, others than the teacher's (default: those in weights/judge)",
    )


def _minutes(text: str) -> float:
    """Minutes to train; argparse tells what the sentence says."""
    try:
        minutes = float(text)
    except ValueError:
        minutes = math.nan
    if not 0 < minutes < math.inf:
        raise argparse.ArgumentTypeError(f"minutes are a number above 0, not {text}")
    return minutes


def _add_device(command: argparse.ArgumentParser) -> None:
    command.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto")


def _add_run(command: argparse.ArgumentParser, minutes: float) -> None:
    command.add_argument("--data", type=Path, required=True, metavar="DIR", help="CUB-200-2011 with AttnGAN's captions")
    command.add_argument("--output", type=Path, required=True, metavar="RUN")
    command.add_argument(
        "--preset", default="fast", metavar="NAME", help="a name or a TOML or JSON file (default: fast)"
    )
    command.add_argument(
        "--set", action="append", default=[], metavar="OPTION=VALUE", help="change an option of the preset; repeatable"
    )
    command.add_argument("--resume", action="store_true", help="go on with the run in --output")
    command.add_argument(
        "--max-minutes",
        type=_minutes,
        default=minutes,
        metavar="M",
        help=f"all sittings together (default: {minutes:g})",
    )
    _add_device(command)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a stop from outside cleans up as Ctrl+C does
    sys.exit(main())
