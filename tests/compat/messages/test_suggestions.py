"""Misspelt names and keywords are answered with the right ones, everywhere."""

import sys
import traceback
from typing import Any

import pytest

import funcnet.compat as torch

NAMES = """
torch.relo relu
torch.zeors zeros
torch.nn.Linaer Linear
torch.nn.functional.sofmax softmax
torch.nn.init.xavier_unifrom_ xavier_uniform_
torch.nn.utils.clip_grad_nrom_ clip_grad_norm_
torch.nn.utils.rnn.pad_sequnce pad_sequence
torch.nn.utils.prune.l1_unstructred l1_unstructured
torch.nn.utils.parametrize.register_parametrisation register_parametrization
torch.nn.utils.parametrizations.orthogonl orthogonal
torch.nn.utils.stateless.functional_cal functional_call
torch.nn.parameter.Paramter Parameter
torch.nn.modules.Linaer Linear
torch.nn.modules.conv.Conv2D Conv2d
torch.optim.Adm Adam
torch.optim.lr_scheduler.StepLr StepLR
torch.optim.swa_utils.AveragdModel AveragedModel
torch.utils.data.DataLoder DataLoader
torch.utils.dat data
torch.utils.checkpoint.checkpont checkpoint
torch.linalg.slove solve
torch.fft.rftt rfft
torch.special.erff erf
torch.signal.windows.hannn hann
torch.cuda.is_avaliable is_available
torch.cuda.amp.autocst autocast
torch.cpu.is_avaliable is_available
torch.amp.GradScalar GradScaler
torch.autograd.Functon Function
torch.autograd.functional.jacobain jacobian
torch.autograd.forward_ad.make_daul make_dual
torch.autograd.graph.incremnt_version increment_version
torch.autograd.profiler.record_functon record_function
torch.func.functional_cal functional_call
torch.jit.scrpt script
torch.random.manual_sed manual_seed
torch.accelerator.is_avaliable is_available
torch.backends.cudn cudnn
torch.backends.cudnn.benchmrk benchmark
torch.backends.cuda.is_bilt is_built
torch.backends.mps.is_avaliable is_available
torch.testing.assert_clos assert_close
torch.serialization.lod load
torch.masked.men mean
torch.compiler.disabl disable
torch.types.Numbr Number
torch.version.cud cuda
torch.overrides.is_tensor_lik is_tensor_like
torch.return_types.maxx max
x.requries_grad requires_grad
x.bachward backward
x.shpe shape
x.sqeeze squeeze
x.detatch detach
x.nmupy numpy
layer.wieght weight
layer.parametrs parameters
layer.state_dic state_dict
torch.nn.Sequential(layer).appendd append
"""
KEYWORDS = """
torch.nn.Linear(2,2,bais=True) bias
torch.nn.Conv2d(1,1,3,pading=1) padding
torch.nn.LSTM(1,1,num_layer=2) num_layers
torch.nn.MultiheadAttention(2,1,droput=0.) dropout
torch.nn.Embedding(2,2,pading_idx=0) padding_idx
torch.nn.Dropout(inplac=True) inplace
torch.nn.CrossEntropyLoss(wieght=None) weight
torch.nn.BatchNorm1d(2,momntum=0.1) momentum
torch.nn.TransformerEncoderLayer(2,1,droput=0.1) dropout
torch.nn.MSELoss(reducton='sum') reduction
torch.nn.ReLU(inplac=True) inplace
torch.nn.Upsample(scale_facto=2) scale_factor
torch.nn.PReLU(num_parameter=1) num_parameters
torch.nn.Softmax(dm=1) dim
torch.nn.LazyLinear(2,bais=True) bias
torch.nn.SyncBatchNorm(2,momntum=0.1) momentum
torch.nn.GRUCell(1,1,bais=True) bias
torch.nn.Transformer(d_modl=4) d_model
torch.optim.SGD(params,lr=0.1,momentun=0.9) momentum
torch.optim.Adam(params,weight_dcay=0.9) weight_decay
torch.optim.AdamW(params,beta=(0.9,0.9)) betas
torch.optim.LBFGS(params,max_iters=1) max_iter
torch.optim.lr_scheduler.StepLR(optimizer,1,gama=0.1) gamma
torch.optim.lr_scheduler.CosineAnnealingLR(optimizer,T_maxx=3) T_max
torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer,patince=3) patience
torch.zeros(2,dtyp=torch.float32) dtype
torch.ones(2,requires_gard=True) requires_grad
torch.tensor([1.],requries_grad=True) requires_grad
torch.rand(2,genrator=None) generator
torch.arange(3,dtpe=None) dtype
torch.linspace(0,1,step=3) steps
torch.full((2,),1.,dtyp=None) dtype
torch.randn(2,devce='cpu') device
torch.randint(3,(2,),dtyp=None) dtype
torch.eye(2,dtyp=None) dtype
torch.sum(x,keepdm=True) keepdim
x.sum(dimm=0) dim
x.sum(keepdm=True) keepdim
torch.softmax(x,dm=0) dim
torch.nn.functional.softmax(x,dm=0) dim
torch.nn.functional.dropout(x,traning=True) training
torch.nn.functional.conv2d(x,x,strde=1) stride
torch.nn.functional.cross_entropy(x,x,wieght=None) weight
torch.nn.functional.interpolate(x,scale_facto=2) scale_factor
torch.cat([x],dm=0) dim
torch.stack([x],dm=0) dim
torch.clamp(x,mn=0) min
torch.topk(x,1,larges=True) largest
torch.sort(x,descnding=True) descending
torch.max(x,keepdm=True) keepdim
torch.linalg.norm(x,orrd=2) ord
torch.fft.fft(x,nrm=None) norm
torch.nn.init.xavier_uniform_(torch.ones(2,2),gian=1.) gain
torch.nn.init.normal_(x,men=0.) mean
torch.nn.init.kaiming_normal_(torch.ones(2,2),nonlinearty='relu') nonlinearity
torch.nn.utils.clip_grad_norm_(params,max_nrm=1.) max_norm
torch.nn.utils.prune.l1_unstructured(layer,'weight',amont=1) amount
torch.nn.utils.rnn.pad_sequence([x],batch_frst=True) batch_first
torch.utils.data.DataLoader([1],batch_sze=2) batch_size
torch.utils.data.DataLoader([1],shufle=True) shuffle
torch.autograd.grad(x,x,retain_grph=True) retain_graph
torch.ones(1,requires_grad=True).sum().backward(retain_grph=True) retain_graph
torch.load('a',map_locaton='cpu') map_location
torch.autocast('cpu',enable=True) enabled
torch.nn.Module.load_state_dict(layer,{},strct=True) strict
layer.to(devce='cpu') device
x.to(dtyp=torch.float32) dtype
x.permute(dms=(0,)) dims
x.uniform_(form=0.) from
layer.register_buffer('a',x,persistant=False) persistent
torch.func.grad(torch.sum,argnum=0) argnums
torch.vmap(torch.sum,in_dim=0) in_dims
torch.testing.assert_close(x,x,rtl=1) rtol
"""
# Python itself says these when the error is shown.
OBJECTS = """
optimizer.zero_gard zero_grad
optimizer.param_group param_groups
torch.Generator().manual_sed manual_seed
torch.Size([1]).nmel numel
torch.float32.is_floating_pont is_floating_point
torch.amp.GradScaler("cpu").unscal_ unscale_
torch.optim.lr_scheduler.StepLR(optimizer,1).get_last_l get_last_lr
"""


def _scope() -> dict[str, Any]:
    params = [torch.nn.Parameter(torch.ones(1))]
    return {
        "torch": torch,
        "x": torch.ones(2),
        "layer": torch.nn.Linear(2, 2),
        "params": params,
        "optimizer": torch.optim.SGD(params, lr=0.1),
    }


def _cases(table: str) -> list[tuple[str, str]]:
    lines = table.strip().splitlines()
    return [(line.rpartition(" ")[0], line.rpartition(" ")[2]) for line in lines]


@pytest.mark.parametrize(("wrong", "right"), _cases(NAMES))
def test_a_wrong_name_is_answered(wrong: str, right: str) -> None:
    with pytest.raises(AttributeError, match=f"Did you mean '{right}'"):
        eval(wrong, _scope())


@pytest.mark.parametrize(("wrong", "right"), _cases(KEYWORDS))
def test_a_wrong_keyword_is_answered(wrong: str, right: str) -> None:
    with pytest.raises(TypeError, match=f"Did you mean '{right}'"):
        eval(wrong, _scope())


@pytest.mark.skipif(sys.version_info < (3, 12), reason="Python says less before")
@pytest.mark.parametrize(("wrong", "right"), _cases(OBJECTS))
def test_a_wrong_name_of_an_object_is_answered_by_python(
    wrong: str, right: str
) -> None:
    with pytest.raises(AttributeError) as error:
        eval(wrong, _scope())
    shown = "".join(traceback.format_exception(error.value))
    assert f"Did you mean: '{right}'" in shown


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("_inductor", "compiled already"),
        ("Linear", r"Did you mean 'torch\.nn\.Linear'"),
    ],
)
def test_what_is_not_there_says_so(name: str, words: str) -> None:
    with pytest.raises(AttributeError, match=words):
        eval(f"torch.{name}", _scope())


def test_private_names_are_not_suggested() -> None:
    with pytest.raises(AttributeError) as error:
        torch.dtypes  # noqa: B018
    assert "'_dtypes'" not in str(error.value)


def test_an_error_inside_a_function_is_left_as_it_is() -> None:
    def closure(**named: Any) -> Any:
        raise TypeError("mine")

    with pytest.raises(TypeError, match=r"^mine$"):
        torch.optim.LBFGS([torch.ones(1, requires_grad=True)]).step(closure=closure)


def test_warnings_name_the_users_line() -> None:
    with pytest.warns(UserWarning, match="copy construct") as result:
        torch.tensor(torch.ones(1))
    assert result[0].filename == __file__
