"""What each part of amn adds, on scenes, from one classifier: python activation_scenes.py OUT.csv SEED...

One thread. The packaged classifier, 300 training images, 75 steps; thresholds chosen on val 100-199, scores on 200
images of test and, for cam and the whole of amn, of cut. The seeds are those of amn's own training. Rows of seeds that are in OUT.csv already are kept.
"""
import sys, tempfile
from pathlib import Path

import torch

from wsss_nb.core.store import shared
from wsss_nb.datasets.samples import Subset
from wsss_nb.datasets.scenes import Scenes
from wsss_nb.datasets.scores import iou, seed_curve
from wsss_nb.datasets.rows import Score, read_scores, write_scores
from wsss_nb.methods.activation import AMN
from wsss_nb.methods.analysis import analyse
from wsss_nb.methods.cam import CAM, packaged
from wsss_nb.methods.regret import oracle_gap, plateau

FULL = dict(reading='argmax', schedule='quick', scales=(1, 1.5), rates=(1, 2, 3, 4))
VARIANTS = {'': {}, ':balanced=false': dict(balanced=False), ':smoothing=0': dict(smoothing=0.),
            ':conditioning=none': dict(conditioning='none'), ':conditioning=ones': dict(conditioning='ones'), ':refine=false': dict(refine=False), ':rates=null': dict(rates=None)}

def of(data):
    "The images of a data set and the classifier's maps of them."
    samples = [data[i] for i in range(len(data))]
    return samples, CAM().maps(packaged(), samples)

def rows(method, seed, test, found, t):
    "The scores of an analysis; `t` is the threshold chosen on other images."
    c, facts = found.curve, dict(method=method, data=test.name, split=test.split, class_='mean', images=len(test), seed=seed)
    at = lambda t: float(c.among.mean(iou(c.at(t))))
    plain = dict(oracle_gap=oracle_gap(c), plateau=plateau(c), imbalance=found.imbalance, gap=found.gap)
    if method != 'cam': plain['argmax_miou'] = at(.5)
    return [Score(metric='seed_miou', value=at(t), threshold=t, threshold_choice='held-out', **facts)] + \
        [Score(metric=k, value=v, threshold=None, threshold_choice='none', **facts) for k, v in plain.items()]

if __name__ == '__main__':
    torch.set_num_threads(1)
    out, seeds = Path(sys.argv[1]), [int(o) for o in sys.argv[2:]]
    scores = [o for o in read_scores(out) if o.seed not in seeds] if out.exists() else []
    training, chosen = Scenes(300), Subset(Scenes(200, split='val'), range(100, 200))
    test, cut = (Scenes(200, split=o) for o in ('test', 'cut'))
    (images, maps), (others, held), scored = of(training), of(chosen), {o: of(o) for o in (test, cut)}
    before = seed_curve(held, chosen).best
    for seed in seeds:
        for o in (test, cut): scores += rows('cam', seed, o, analyse(scored[o][1], o), before)
        for name, change in VARIANTS.items():
            amn = AMN(**FULL | change)
            targets = {o.name: amn.targets(m, o, before) for m, o in zip(maps, images)}
            network = amn.fit(training, targets.get, shared('data', 'weights', 'scenes.safetensors'), tempfile.mkdtemp(),
                              seed=seed, device='cpu')
            after = lambda images, maps: [amn(m, o, before, network) for m, o in zip(maps, images)]
            t = seed_curve(after(others, held), chosen).best
            for o in (test,) if name else (test, cut):
                scores += rows('cam/amn' + name, seed, o, analyse(after(*scored[o]), o), t)
        write_scores(out, scores)
