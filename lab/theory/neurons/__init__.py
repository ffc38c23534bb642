"""Neurons on a plane: small dense networks on points with two numbers each, small enough to see every neuron work.

Modules: ``plane_spec`` (what is chosen), ``plane_data`` (the points), ``plane_features`` (what is fed in),
``plane_network`` (the layers), ``plane_training`` (steps, exactly repeatable), ``plane_state`` (a trained state as
text), ``plane_responses`` (what each neuron answers, everywhere), ``plane_sum`` (one neuron's sum at one point).
"""
