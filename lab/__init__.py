"""The Visual CNN Lab without a screen: specs, arithmetic, training, inspection and prediction on PyTorch."""
