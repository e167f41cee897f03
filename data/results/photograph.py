"""What networks say about the photograph of the lessons: python photograph.py ROOT WEIGHTS FOLDER EPOCHS

The arguments are those of photos_lengths.py, whose first fold is taken: MobileNetV2 from ImageNet learns the tags of 338 photographs for EPOCHS epochs,
and AMN from its maps. What stands in FOLDER is not done again. Writes into data/photograph.
"""
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

from photos_lengths import folded, plan_of, loud
from wsss_nb.core.store import shared
from wsss_nb.lessons.photograph import PERSON, person_and_backdrop, photograph
from wsss_nb.work.graph import execute

SEED, STEPS = 100, 120

def asked_apart(host, network, sample):
    "What a network says about a photograph, its person alone and its backdrop alone: probabilities of a person, and maps."
    some = [replace(sample, image=o) for o in person_and_backdrop(photograph()).values()]
    network.eval()
    with torch.inference_mode(): p = network(network.normalise(np.stack([o.image for o in some]))).logits.sigmoid()[:, PERSON - 1]
    return dict(person=p.numpy().copy(), maps=np.stack([o.maps[0] for o in host.maps(network, some)]))

if __name__ == '__main__':
    torch.set_num_threads(1)
    root, weights, folder, epochs = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
    plan, sample = plan_of(folded(root, 0, folder), weights, SEED, 'cam/amn', epochs, STEPS), replace(photograph(), mask=None)
    host, amn = plan.host, plan.stage(1)
    network = host.load(execute(plan.train, folder, loud).file('network.safetensors'))
    maps, = host.maps(network, [sample])
    save_file(asked_apart(host, network, sample), shared('data', 'photograph', 'apart.safetensors'))
    threshold = plan.threshold(curve=execute(plan.curve('train', 0), folder, loud), after=0)
    learnt = amn.load(execute(plan.fit(1), folder, loud).file('network.safetensors'))
    for name, o in (('cam', maps), ('amn', amn(maps, sample, threshold=threshold, network=learnt))): save_file(o.arrays(), shared('data', 'photograph', f'{name}.safetensors'))
