import keras
import numpy as np

from lrcourse import CosineAnnealing, Warmup, interop

schedule = Warmup(0.01, 10) >> CosineAnnealing(0.01, 90)
rate = interop.to_keras(schedule)  # a LearningRateSchedule that survives saving
model = keras.Sequential([keras.layers.Dense(1)])
model.compile(optimizer=keras.optimizers.AdamW(learning_rate=rate), loss="mse")
x = np.ones((800, 3))
model.fit(x, x.sum(1), batch_size=8, verbose=0)
