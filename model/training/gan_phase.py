"""A phase of a GAN run: the stages it trains, their discriminators and optimizers, and one training step.

AttnGAN, section 3.1 and equations 3 to 6, with DAMSM's losses as the teacher of the words.
"""

from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn

from model.damsm import damsm_loss
from model.data.batches import Batches, Captions
from model.device import sent
from model.evaluation.close_up import close_up, close_up_side, head_centres
from model.generator import Generator
from model.image_encoder import ImageEncoder, drawn_moves, moved
from model.layers import padding_mask
from model.spectrum import log_power, spectral_distance
from model.text_encoder import TextEncoder
from model.training.checkpoint import State, load_optimizer
from model.training.cuda_graph import cuda_graphs
from model.training.discriminators import Discriminators, Seen, View
from model.training.gan_losses import condition_divergence, variety
from model.training.options import GanOptions, Phase
from model.training.painting import (
    Painting,
    Sketch,
    Spots,
    Text,
    consistency,
    in_pairs,
    paint,
    random_spots,
    sketched,
)
from model.training.part_attention import attention_loss
from model.training.part_finder import PartFinder
from model.training.precision import autocast
from model.training.world import World

SPREAD_STRIDE = 8  # of the pixels that are looked at for the paintings' spread


class Teachers(NamedTuple):
    """The frozen encoders of a DAMSM run."""

    text: TextEncoder
    image: ImageEncoder


class Turn(NamedTuple):
    """What is drawn for one of the generator's steps.

    noise, condition_noise: as from `GanPhase.noise`; moves: of the paintings of each size, as from `drawn_moves`.
    """

    noise: Tensor
    condition_noise: Tensor
    moves: list[Tensor]


class Drawn(NamedTuple):
    """All that one step differs in from the others.

    photos: batch x 3 x s x s, one of each size; text, told: what they show and what is painted; asked: what DAMSM's
    losses compare paintings with, as `GanPhase._asked`; spots: of crops; moves: of the photos of each size.
    """

    photos: list[Tensor]
    text: Text
    told: Text
    asked: tuple[Text, Text] | None
    spots: Spots | None
    moves: list[Tensor]
    turns: list[Turn]


class GanPhase:
    """Trains the stages `phase.first` to `phase.last` of a generator, those before frozen."""

    def __init__(
        self,
        generator: Generator,
        advisers: tuple[Teachers, ...],
        options: GanOptions,
        phase: Phase,
        world: World,
        place: torch.device,
        finder: PartFinder | None = None,
        species: int = 0,
    ) -> None:
        """advisers: whom DAMSM's losses are asked of, by turns; the generator hears the first one's words.

        finder: finds the parts of the bird, where attention or heads count; species: as for Discriminators.
        """
        self.options = options = options.during(phase)
        self.finds_heads = finder is not None and options.head_weight > 0
        self.closes_up = self.finds_heads and not phase.is_cropped
        self.attends = finder is not None and options.attention_weight > 0
        self.finder = finder if self.finds_heads or self.attends else None
        self.generator, self.advisers, self.phase = generator, advisers, phase
        self.world, self.place, self.species = world, place, species
        self.stages = range(phase.first, phase.last + 1)
        self.sizes = tuple(64 * 2**stage for stage in self.stages)
        self.varied = phase.first == 0 and options.variety_weight > 0  # the noise enters there
        self.looks_ahead = self.attends and phase.last < len(generator.refinements)
        trained = choose_trained(generator, phase, self.looks_ahead)
        views = [View(size, self._side(size)) for size in self.sizes]
        if self.closes_up:
            views += [View(size, close_up_side(size), head=True) for size in self.sizes]
        text_size = generator.conditioning.linear.in_features
        self.discriminators = Discriminators(options, tuple(views), text_size, advisers[0].image, species)
        self.discriminators.to(place).to(memory_format=torch.channels_last)
        for network in (generator, self.discriminators):
            world.share_statistics(network)
        betas = (options.beta1, options.beta2)
        on_gpu = place.type == "cuda"
        adam = partial(torch.optim.Adam, betas=betas, fused=True, capturable=on_gpu)
        self.generator_optimizer = adam(trained, options.generator_lr)
        self.discriminator_optimizer = adam(self.discriminators.parameters(), options.discriminator_lr)
        self._every_other = sent(world.own(torch.arange(options.batch_size) % 2 == 0), place)
        alone = on_gpu and world.size == 1
        self._graphs = cuda_graphs(len(advisers)) if alone and options.cuda_graph else []  # one an adviser

    def _side(self, size: int) -> int:
        """Side of the pictures that the discriminator of a stage of this size sees, in pixels."""
        return 2 * self.phase.crop if self.phase.is_cropped else size

    def states(self) -> dict[str, State]:
        """What a checkpoint keeps of this phase."""
        return {
            "discriminators": self.discriminators.state_dict(),
            "generator_optimizer": self.generator_optimizer.state_dict(),
            "discriminator_optimizer": self.discriminator_optimizer.state_dict(),
        }

    def load(self, states: dict[str, State]) -> None:
        """Go on from `states()`."""
        self.discriminators.load_state_dict(states["discriminators"])
        load_optimizer(self.generator_optimizer, states.get("generator_optimizer", {}))
        load_optimizer(self.discriminator_optimizer, states.get("discriminator_optimizer", {}))

    def step(self, batches: Batches, number: int) -> dict[str, Tensor]:
        """One discriminator step and `generator_steps` of the generator, on batch `number`; returns what to log.

        D and G: losses; apart: how much higher photos are judged than paintings; spread: standard deviation of a pixel
        over the batch's paintings, in -1..1; held, spectrum, damsm, attention: where they are part of the loss.
        """
        torch.manual_seed(self.options.seed * 1_000_003 + number)  # so that a resumed run draws the same numbers
        spots = self._random_spots(torch.default_generator)
        batch = batches[number]
        text = self.read(batch)
        told = in_pairs(text) if self.varied else text
        adviser = int(torch.randint(len(self.advisers), ()))
        asks = self.options.damsm_weight and not spots
        asked = self._asked(self.advisers[adviser], told, batch, batches, number) if asks else None
        photos = [sent(photo, self.place) for photo in batch.pictures]
        moves = self._moves()
        turns = [self._turn() for _ in range(self.options.generator_steps)]
        drawn = Drawn(photos, text, told, asked, spots, moves, turns)
        learn = partial(self._learn, self.advisers[adviser])
        return self._graphs[adviser](learn, drawn) if self._graphs else learn(drawn)

    def _learn(self, adviser: Teachers, drawn: Drawn) -> dict[str, Tensor]:
        """What `step` does with what it has drawn: the same operations every time, all of them the device's."""
        text, told, spots = drawn.text, drawn.told, drawn.spots
        photos = drawn.photos
        of_photos = self._find(photos[0]) if self.finds_heads else None
        if spots:
            where = self._with_heads(spots, of_photos)
            photos = [where.of(photo) for photo in photos]
        photos = [photo.to(memory_format=torch.channels_last) for photo in photos]
        reals = self._moved(photos, drawn.moves) + self._heads(photos, of_photos)
        log: dict[str, Tensor] = {}
        for number, turn in enumerate(drawn.turns):
            with self._precision():
                sketch = sketched(self.generator, self.phase, told, turn.noise, turn.condition_noise)
                heat = self._find(sketch.picture.detach())
                shown = spots and self._with_heads(spots, heat)
                painting = paint(self.generator, self.phase, told, sketch, shown, self.looks_ahead)
                fakes = self._moved(painting.pictures, turn.moves)
                seen = self.discriminators.look_at_all(fakes + self._heads(painting.pictures, heat))
                if number == 0:
                    log |= self._discriminator_step(reals, seen, text, told)
                self.discriminators.requires_grad_(False)
                total = self._generator_total(sketch, painting, seen, told, log)
                if drawn.asked:
                    match = self._damsm(adviser, fakes[-1], seen[len(fakes) - 1], *drawn.asked)
                    total = total + self.options.damsm_weight * match
                    log["damsm"] = match.detach()
                if self.options.spectrum_weight:
                    unlike = self._spectral_distance(painting.pictures, photos)
                    total = total + self.options.spectrum_weight * unlike
                    log["spectrum"] = unlike.detach()
                if self.finder and heat is not None and self.attends and painting.attentions:
                    named = self.finder.named(told.tokens)
                    astray = attention_loss(painting.attentions, named, heat, shown, self.world)
                    total = total + self.options.attention_weight * astray
                    log["attention"] = astray.detach()
            self.generator_optimizer.zero_grad(set_to_none=True)
            total.backward()
            self._move(self.generator_optimizer)
            self.discriminators.requires_grad_(True)
        log["spread"] = fakes[-1].detach()[..., ::SPREAD_STRIDE, ::SPREAD_STRIDE].float().std(0).mean()
        return log

    def _precision(self) -> torch.autocast:
        return autocast(self.place, self.options.precision)

    def _discriminator_step(self, reals: list[Tensor], fakes: list[Seen], text: Text, told: Text) -> dict[str, Tensor]:
        """text, told: what photos and paintings show."""
        wrong = self.world.own(self.world.gathered(text.sentence).roll(1, 0))
        with torch.no_grad():
            seen = self.discriminators.look_at_all(reals)
        total, apart = self.discriminators.loss(seen, fakes, text.sentence, wrong, told.sentence, text.species)
        self.discriminator_optimizer.zero_grad(set_to_none=True)
        total.backward()
        self._move(self.discriminator_optimizer)
        return {"D": total.detach(), "apart": apart}

    def _generator_total(
        self, sketch: Sketch, painting: Painting, fakes: list[Seen], text: Text, log: dict[str, Tensor]
    ) -> Tensor:
        """fakes: paintings as discriminators see them, whole ones first."""
        options = self.options
        total = options.kl_weight * condition_divergence(sketch.mean, sketch.log_variance)
        total = total + self.discriminators.generator_loss(fakes, text.sentence, text.species)
        log["G"] = total.detach()
        if options.consistency_weight and painting.before is not None:
            held = consistency(painting.pictures[0], painting.before)
            total = total + options.consistency_weight * held
            log["held"] = held.detach()
        if self.varied:
            log["variety"] = variety(fakes[len(painting.pictures) - 1])
            total = total + options.variety_weight * (options.variety - log["variety"]).clamp_min(0)
            log["variety"] = log["variety"].detach()
        return total

    def _find(self, pictures: Tensor) -> Tensor | None:
        """Where the parts of the birds are, as a PartFinder finds them in whole pictures."""
        with self._precision():
            return self.finder.find(pictures) if self.finder else None

    def _random_spots(self, random: torch.Generator) -> Spots | None:
        """Where this process's rows of a batch are cropped, if they are."""
        spots = random_spots(self.phase, self.options.batch_size, random)
        if not spots:
            return None
        top, left = (sent(self.world.own(places), self.place) for places in (spots.top, spots.left))
        return spots._replace(top=top, left=left)

    def _with_heads(self, spots: Spots, heat: Tensor | None) -> Spots:
        """Every other crop around the bird's head, where heads count; heat: of the parts in the whole pictures."""
        return spots.around(head_centres(heat), self._every_other) if self.finds_heads and heat is not None else spots

    def _heads(self, pictures: list[Tensor], heat: Tensor | None) -> list[Tensor]:
        """Close-ups of the birds' heads, a batch a stage, where these count; heat: of the parts in the pictures."""
        if heat is None or not self.closes_up:
            return []
        centres = head_centres(heat)
        return [close_up(same_size, centres) for same_size in pictures]

    def _spectral_distance(self, paintings: list[Tensor], photos: list[Tensor]) -> Tensor:
        gathered = self.world.gathered
        with torch.autocast(self.place.type, enabled=False):
            distances = [
                spectral_distance(gathered(log_power(painting)), gathered(log_power(photo)))
                for painting, photo in zip(paintings, photos, strict=True)
            ]
        return torch.stack(distances).mean()

    def _asked(
        self, adviser: Teachers, told: Text, batch: Captions, batches: Batches, number: int
    ) -> tuple[Text, Text]:
        """The captions painted and the wrong ones beside them, as an adviser reads them; told: as the generator did."""
        if adviser is not self.advisers[0]:
            text = self.read(batch, adviser)
            told = in_pairs(text) if self.varied else text
        wrong = self.options.wrong_captions
        return told, self.read(batches.captions(number, wrong), adviser) if wrong else told.first(0)

    def _damsm(self, adviser: Teachers, pictures: Tensor, seen: Seen, text: Text, others: Text) -> Tensor:
        gathered = self.world.gathered
        text = Text(*map(gathered, text)).followed_by(others)
        shared = adviser is self.advisers[0]  # through whose eyes the discriminators look
        maps = self.discriminators.whole_pictures(seen, pictures.shape[-1]) if shared else None
        regions, whole = adviser.image(pictures) if maps is None else adviser.image.read(maps)
        with torch.autocast(self.place.type, enabled=False):
            words_loss, sentence_loss = damsm_loss(
                text.words, text.sentence, text.mask, gathered(regions.float()), gathered(whole.float()), text.species
            )
        return words_loss + sentence_loss

    def _move(self, optimizer: torch.optim.Optimizer) -> None:
        self.world.average_gradients(parameter for group in optimizer.param_groups for parameter in group["params"])
        optimizer.step()

    def _moves(self, pairs: bool = False) -> list[Tensor]:
        """How far this process's rows of every size move before they are seen; pairs: as for `drawn_moves`."""
        rows, share = self.world.rows_of(self.options.batch_size), (self.world.rank, self.world.size)
        return [sent(drawn_moves(rows, self._most(size), None, share, pairs), self.place) for size in self.sizes]

    def _turn(self) -> Turn:
        return Turn(*self.noise(torch.default_generator), self._moves(self.varied))

    def _most(self, size: int) -> int:
        """Pixels that pictures of a stage of this size move at most."""
        return self.options.shift * self._side(size) // 64

    def _moved(self, pictures: list[Tensor], moves: list[Tensor]) -> list[Tensor]:
        together = zip(pictures, moves, self.sizes, strict=True)
        return [moved(picture, moves, self._most(size)) for picture, moves, size in together]

    @torch.no_grad()
    def read(self, batch: Captions, adviser: Teachers | None = None) -> Text:
        """Text features of a batch's captions, by the encoder that the generator hears or by another."""
        tokens = sent(batch.tokens, self.place)
        words, sentence = (adviser or self.advisers[0]).text(tokens, batch.lengths)
        mask = padding_mask(sent(batch.lengths, self.place), tokens.shape[1])
        return Text(words, mask, sentence, sent(batch.species, self.place), tokens)

    def noise(self, random: torch.Generator) -> tuple[Tensor, Tensor]:
        """Noise of the initial stage and of the conditioning augmentation for this process's rows."""
        sizes = self.generator.initial.noise_size, self.generator.conditioning.condition_size
        drawn = [self.world.own(torch.randn(self.options.batch_size, size, generator=random)) for size in sizes]
        return sent(drawn[0], self.place), sent(drawn[1], self.place)

    @torch.no_grad()
    def paint(self, generator: Generator, batches: Batches, number: int, random: torch.Generator) -> Painting:
        """Paint the captions of batch `number` without learning from them."""
        spots, text = self._random_spots(random), self.read(batches[number])
        sketch = sketched(generator, self.phase, text, *self.noise(random))
        shown = spots and self._with_heads(spots, self._find(sketch.picture))
        return paint(generator, self.phase, text, sketch, shown)


def choose_trained(generator: Generator, phase: Phase, ahead: bool = False) -> list[nn.Parameter]:
    """Freeze all but the stages of a phase and, with `ahead`, the attention of the next; returns what is trained."""
    generator.requires_grad_(False).eval()
    trained: list[nn.Module] = [generator.refinements[i - 1] for i in range(max(1, phase.first), phase.last + 1)]
    trained += [generator.heads[i] for i in range(phase.first, phase.last + 1)]
    if phase.first == 0:
        trained += [generator.conditioning, generator.initial]
    if ahead:
        trained.append(generator.refinements[phase.last].get_submodule("attention"))
    for module in trained:
        module.requires_grad_(True).train()
    return [parameter for module in trained for parameter in module.parameters()]
