"""The text encoder: a bi-directional LSTM over words (AttnGAN, section 3.2)."""

from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from model.config import ModelConfig
from model.device import sent


class TextEncoder(nn.Module):
    """Turns tokens into word features and a sentence feature, both of `config.text_size` numbers."""

    def __init__(self, config: ModelConfig, dropout: float = 0.5) -> None:
        super().__init__()
        self.embedding = nn.Embedding(config.vocabulary_size, config.word_embedding_size)
        self.dropout = nn.Dropout(dropout)
        self.lstm = nn.LSTM(config.word_embedding_size, config.text_size // 2, batch_first=True, bidirectional=True)
        nn.init.uniform_(self.embedding.weight, -0.1, 0.1)

    def forward(self, tokens: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """Encode a batch of captions.

        tokens: int64, captions x words, 0 where padded; lengths: int64 on the CPU, words of each caption, at least 1.
        Returns word features (captions x text_size x words, zero where padded) and sentence features
        (captions x text_size: the last hidden state of both directions).
        """
        embedded = self.dropout(self.embedding(tokens))  # captions x words x 300
        order = lengths.argsort(descending=True, stable=True)  # by hand: torch's own order waits for the device
        there, back = sent(order, tokens.device), sent(order.argsort(), tokens.device)
        packed = pack_padded_sequence(embedded[there], lengths[order], batch_first=True)
        output, (hidden, _) = self.lstm(packed)
        words, _ = pad_packed_sequence(output, batch_first=True, total_length=tokens.shape[1])
        return words[back].transpose(1, 2), hidden[:, back].transpose(0, 1).flatten(1)
