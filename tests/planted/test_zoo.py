"""The embedded networks: right on fresh scenes, small on disk, and made by the script that says so."""

import json

import numpy as np
import pytest
import torch

from nbinterp import demo
from nbinterp.data.world import CLASSES
from nbinterp.zoo import PatchNet, SceneNet, load_network, network_facts, train
from nbinterp.zoo.models import ARCHITECTURES, WEIGHTS, store_network

NAMES = ("main", "independent")
N_FRESH, FRESH_SEED = 1000, 31_337


@pytest.fixture(scope="module")
def fresh():
    """Scenes that neither training nor the recorded accuracy have used."""
    used = {recipe.world_seed for recipe in train.RECIPES.values()} | {train.TEST_SEED}
    assert FRESH_SEED not in used
    probe = demo.scenes(N_FRESH, FRESH_SEED)
    return probe, np.stack([probe.pixels(i) for i in range(N_FRESH)])


@pytest.fixture(scope="module")
def predictions(fresh):
    images = torch.from_numpy(fresh[1]).permute(0, 3, 1, 2)
    found = {}
    for name, net in (("main", demo.classifier()), ("independent", demo.independent_classifier())):
        found[name] = torch.cat([net.logits(batch / 255).argmax(1) for batch in images.split(250)]).cpu().numpy()
    return found


@pytest.mark.parametrize("name", NAMES)
def test_accuracy_on_fresh_scenes(name, fresh, predictions):
    right = predictions[name] == fresh[0].labels
    assert right.mean() >= 0.95
    assert not right.all(), "a demo of wrong predictions needs some"
    assert right.mean() == pytest.approx(network_facts(name)["test"]["accuracy"], abs=0.025)
    for label, class_name in enumerate(fresh[0].class_names):
        assert right[fresh[0].labels == label].mean() > 0.85, class_name


def test_the_networks_err_differently(fresh, predictions):
    wrong = {name: predictions[name] != fresh[0].labels for name in NAMES}
    assert (wrong["main"] & ~wrong["independent"]).any()
    assert (wrong["independent"] & ~wrong["main"]).any()


def test_the_classifiers_take_images_as_the_probe_set_holds_them(fresh, predictions):
    net, probe = demo.classifier(), fresh[0]
    logits = net.logits(net.batch([probe.image(i) for i in range(8)]))
    assert logits.argmax(1).tolist() == predictions["main"][:8].tolist()
    assert net.classes == tuple(CLASSES) == probe.class_names


@pytest.mark.parametrize(("name", "bound"), [("main", 2_000_000), ("independent", 1_000_000)])
def test_weights_are_small(name, bound):
    assert (WEIGHTS / f"{name}.safetensors").stat().st_size <= bound


@pytest.mark.parametrize("name", NAMES)
def test_the_record_tells_how_to_make_them(name):
    facts = network_facts(name)
    assert facts["classes"] == list(CLASSES)
    assert facts["architecture"] == ARCHITECTURES[name].__name__
    assert facts["training"] == json.loads(json.dumps(vars(train.RECIPES[name])))
    assert facts["training_views"] == json.loads(json.dumps(train.TRAINING_VIEWS))
    assert facts["test"]["n_images"] == train.TEST_IMAGES


def test_networks_come_ready_to_look_into():
    for name, kind in (("main", SceneNet), ("independent", PatchNet)):
        network = load_network(name)
        assert isinstance(network, kind)
        assert not any(module.training for module in network.modules())
        assert all(p.dtype == torch.float32 for p in network.parameters())


@pytest.mark.parametrize(
    ("make", "layer", "kind", "shape"),
    [
        (demo.classifier, "stem", "maps", (16, 32, 32)),
        (demo.classifier, "stage1", "maps", (32, 32, 32)),
        (demo.classifier, "stage2", "maps", (64, 16, 16)),
        (demo.classifier, "stage3", "maps", (96, 8, 8)),
        (demo.classifier, "stage4", "maps", (96, 8, 8)),
        (demo.classifier, "features", "flat", (64,)),
        (demo.classifier, "head", "flat", (10,)),
        (demo.independent_classifier, "mixer2", "maps", (64, 16, 16)),
        (demo.independent_classifier, "merge", "maps", (96, 8, 8)),
        (demo.independent_classifier, "attention2", "tokens", None),
    ],
)
def test_the_layers_promised_are_there(make, layer, kind, shape):
    layers = make().layers(example=torch.zeros(3, 64, 64)).set_index("name")
    assert layers.loc[layer, "kind"] == kind
    if shape is not None:
        assert tuple(layers.loc[layer, "shape"]) == shape
        assert layers.loc[layer, "n_units"] == shape[0]


@pytest.mark.parametrize("name", NAMES)
def test_units_are_alive(name, fresh):
    layer = {"main": "stage4", "independent": "merge"}[name]
    net = demo.classifier() if name == "main" else demo.independent_classifier()
    images = torch.from_numpy(fresh[1][:200]).permute(0, 3, 1, 2) / 255
    with net.recording([layer]) as record:
        net.logits(images)
    peaks = record[layer].maps.amax((2, 3))
    assert (peaks.std(0) > 1e-3).float().mean() > 0.9


@pytest.mark.parametrize("name", NAMES)
def test_storing_halves_and_loading_restores(name, tmp_path):
    torch.manual_seed(0)
    network = ARCHITECTURES[name](10).eval()
    store_network(network, tmp_path / f"{name}.safetensors")
    images = torch.rand(2, 3, 64, 64)
    torch.testing.assert_close(load_network(name, tmp_path)(images), network(images), atol=2e-2, rtol=2e-2)


def test_training_is_deterministic_and_learns():
    recipe = train.Recipe(world_seed=5, n_images=40, epochs=6, batch_size=8)
    images, labels = train.scenes(recipe.world_seed, recipe.n_images, train.TRAINING_VIEWS)
    states, losses = [], []
    for _ in range(2):
        torch.manual_seed(recipe.torch_seed)
        network = SceneNet(10)
        train.fit(network, images, labels, recipe)
        states.append(network.state_dict())
        losses.append(torch.nn.functional.cross_entropy(network(images / 255), labels).item())
    assert all(torch.equal(a, b) for a, b in zip(states[0].values(), states[1].values(), strict=True))
    assert losses[0] < 0.85 * np.log(10)


def test_train_writes_weights_and_record(monkeypatch, tmp_path):
    monkeypatch.setitem(train.RECIPES, "main", train.Recipe(world_seed=5, n_images=20, epochs=1, batch_size=10))
    monkeypatch.setattr(train, "TEST_IMAGES", 20)
    train.train("main", tmp_path)
    train.measure("main", tmp_path)
    assert network_facts("main", tmp_path)["test"]["n_images"] == 20
    assert load_network("main", tmp_path)(torch.zeros(1, 3, 64, 64)).shape == (1, 10)


def test_unknown_networks_are_refused(capsys, monkeypatch):
    with pytest.raises(ValueError, match="no embedded network 'mian'; choose from main, independent"):
        load_network("mian")
    monkeypatch.setattr("sys.argv", ["train", "mian"])
    with pytest.raises(SystemExit):
        train.main()
    assert "there is no network 'mian'; choose from main, independent" in capsys.readouterr().err
