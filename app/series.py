"""Paints the samples of one description one after the other, so that another bird may be painted in between."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from app.bird import Bird
from app.model_tab import ModelTab
from app.painter import Painter, Request
from app.pictures import PaintedStage

if TYPE_CHECKING:
    from model.pipeline import Result


class Series:
    """An easel for each sample in turn; all are shown in one tab."""

    def __init__(self, painter: Painter, request: Request, tab: ModelTab) -> None:
        self._painter, self._request, self._tab = painter, request, tab
        self._sample = 0
        self._begin()

    def stop(self) -> None:
        self._painter.stop(self._painting)

    def _begin(self) -> None:
        first = self._request.first_sample + self._sample
        one = dataclasses.replace(self._request, samples=1, first_sample=first)
        self._painting = self._painter.paint(one, self)

    def show_loading(self, weights: str) -> None:
        self._tab.show_loading(weights)

    def show_painting(self, bird: Bird) -> None:
        if self._sample == 0:
            self._tab.show_painting(dataclasses.replace(bird, samples=self._request.samples))

    def show_stage(self, painted: PaintedStage) -> None:
        self._tab.show_stage(painted, self._sample)

    def show_finished(self, result: Result) -> None:
        self._sample += 1
        if self._sample < self._request.samples:
            self._begin()
        else:
            self._tab.show_finished(result)

    def show_failure(self, sentence: str) -> None:
        self._tab.show_failure(sentence)
