"""Scripts of language, recurrent networks, many processes, fx and packages."""

from tests.scripts.program import Program

WORDS = "word_language_model/main"
LANGUAGE_MODELS = [
    Program(
        "word_language_model/generate",
        first=[f"{WORDS} --model {kind} {more}"],
        id=f"word_language_model_{kind.lower()}",
        tolerance=1e-4,
    )
    for kind, more in [
        ("LSTM", "--tied"),
        ("GRU", "--lr 5"),
        ("RNN_TANH", "--lr 5"),
        ("RNN_RELU", "--lr 1"),
        ("Transformer", "--lr 2 --nlayers 1"),
    ]
]
LETTERS = "nanogpt/train --compile=False --flash=False"
NANOGPT = [
    Program(
        "nanogpt/sample",
        first=["nanogpt/prepare", LETTERS],
        id="nanogpt",
        tolerance=1e-4,
    ),
    Program(
        "nanogpt/train",
        "--init_from=resume --compile=False --flash=False --max_iters=50",
        first=["nanogpt/prepare", f"{LETTERS} --max_iters=20"],
        id="nanogpt_resumed",
        tolerance=1e-4,
    ),
    Program(
        "nanogpt/train",
        "--dropout=0.0",
        first=["nanogpt/prepare"],
        id="nanogpt_compiled",
        learns={r"val loss ([\d.]+)": (0.5, 2.0)},
    ),
]
PROGRAMS = [
    *LANGUAGE_MODELS,
    *NANOGPT,
    Program("mnist_rnn", tolerance=2e-4),
    Program("time_sequence", tolerance=2e-4),
    Program("char_rnn", tolerance=1e-4),
    Program("seq2seq_attention", tolerance=2e-4),
    Program("text_sentiment", tolerance=1e-4),
    Program("translation_transformer", tolerance=2e-4),
    Program("lstm_ctc", tolerance=2e-4),
    Program("crf_tagger", tolerance=1e-4),
    Program("skip_gram", tolerance=1e-4),
    Program("skip_gram", "--optimizer Adagrad", id="skip_gram_adagrad", tolerance=1e-4),
    Program("mingpt_sort", tolerance=2e-4),
    Program("llama_lora", tolerance=5e-4),
    Program("mamba_moe", tolerance=5e-4),
    Program("hogwild", tolerance=1e-4),
    Program("ddp_one", tolerance=1e-4),
    Program("func_examples", tolerance=2e-4),
    Program("bayes", tolerance=1e-3),
    Program("fx_tutorial", tolerance=1e-4),
    Program("fx_conv_bn", tolerance=1e-3),
    Program("fx_profiler", tolerance=1e-2, leaves_out="^time:"),
    Program("fx_examples", tolerance=1e-4),
]
