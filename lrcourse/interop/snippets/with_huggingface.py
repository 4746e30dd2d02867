import torch
import transformers as hf

from lrcourse import CosineAnnealing, Warmup, interop

schedule = Warmup(0.01, 2) >> CosineAnnealing(0.01, 18)
shape = dict(vocab_size=16, n_embd=8, n_layer=1, n_head=1, bos_token_id=None, eos_token_id=None)
model = hf.GPT2LMHeadModel(hf.GPT2Config(**shape))
rows = [{"input_ids": torch.arange(8), "labels": torch.arange(8)}] * 160
options = hf.TrainingArguments(max_steps=20, learning_rate=0.01, report_to=[], save_strategy="no")
trainer = hf.Trainer(model=model, args=options, train_dataset=rows)
interop.to_hf(schedule, trainer)
trainer.train()
