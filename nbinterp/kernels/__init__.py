"""The mathematics: pure functions on tensors, one module per method.

No hooks, no files, no choice of device, no global state: a kernel computes where its arguments live.
"""

from .codes import pack_signs as pack_signs
from .codes import unpack_signs as unpack_signs
from .dissection import CONVENTIONS as CONVENTIONS
from .dissection import Convention as Convention
from .dissection import OverlapCounts as OverlapCounts
from .dissection import UniqueDetectors as UniqueDetectors
from .dissection import best_labels as best_labels
from .dissection import convention as convention
from .dissection import detectors as detectors
from .dissection import iou as iou
from .dissection import unique_detectors as unique_detectors
from .dissection_overlap import OnPixels as OnPixels
from .dissection_overlap import count_overlap as count_overlap
from .dissection_overlap import find_on_pixels as find_on_pixels
from .dissection_resampling import Resampling as Resampling
from .dissection_resampling import plan_resampling as plan_resampling
from .dissection_resampling import upsample_maps as upsample_maps
from .exemplars import ExemplarHits as ExemplarHits
from .exemplars import RunningExemplars as RunningExemplars
from .exemplars import add_hits as add_hits
from .exemplars import find_hits as find_hits
from .exemplars import no_exemplars as no_exemplars
from .overlap_chance import independent_iou as independent_iou
from .overlap_chance import other_images as other_images
from .pooling import PooledActivations as PooledActivations
from .pooling import pool_activations as pool_activations
from .pooling import to_half as to_half
from .quantiles import map_thresholds as map_thresholds
from .quantiles import upsampled_thresholds as upsampled_thresholds
from .rotation import fractional_rotation as fractional_rotation
from .rotation import random_rotation as random_rotation
from .selectivity import ClassActivity as ClassActivity
from .selectivity import class_selectivity as class_selectivity
from .selectivity import count_class_activity as count_class_activity
