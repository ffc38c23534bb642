"""Layer ids that cannot be: names that Python, a PyTorch module or the exported code already uses."""

from __future__ import annotations

import keyword

_OF_MODULES = """
    apply bfloat16 bool buffers call_super_init children compile cpu cuda double dump_patches eval extra_repr float
    forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict modules mtia named_buffers
    named_children named_modules named_parameters parameters register_backward_hook register_buffer
    register_forward_hook register_forward_pre_hook register_full_backward_hook register_full_backward_pre_hook
    register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module register_parameter
    register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ set_extra_state set_submodule
    share_memory state_dict to to_empty train training type xpu zero_grad add_module
"""
_OURS = "input image inputs spec summary trace self x torch nn keras layers ops np model build_model"

RESERVED_IDS = frozenset({*_OF_MODULES.split(), *_OURS.split(), *keyword.kwlist})
"""A test compares the list with the attributes of a network itself."""
