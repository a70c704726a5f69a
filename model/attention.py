"""Word attention: each place of a feature map listens to the words it needs (AttnGAN, equation 2)."""

from torch import Tensor, nn


class WordAttention(nn.Module):
    """Projects words into image-feature space and mixes them per pixel by a softmax over the words."""

    def __init__(self, channels: int, text_size: int) -> None:
        super().__init__()
        self.project = nn.Conv1d(text_size, channels, 1, bias=False)

    def forward(self, features: Tensor, words: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Attend from every pixel.

        features: batch x channels x h x w; words: batch x text_size x words;
        mask: batch x words; bool, True where padded, or float, the logarithm of how loud each word is (-inf: silent).
        Returns the word context (batch x channels x h x w) and the attention (batch x words x h x w, which sums to 1
        over the words and is 0 where padded).
        """
        projected = self.project(words)  # batch x channels x words
        pixels = features.permute(0, 2, 3, 1).flatten(1, 2)  # batch x pixels x channels: no copy of channels last
        scores = (pixels @ projected).float()  # batch x pixels x words
        heard = scores + mask[:, None] if mask.is_floating_point() else scores.masked_fill(mask[:, None], float("-inf"))
        attention = heard.softmax(2).to(features.dtype)
        context = attention @ projected.transpose(1, 2)  # batch x pixels x channels
        context, attention = (each.transpose(1, 2).unflatten(2, features.shape[2:]) for each in (context, attention))
        return context, attention
