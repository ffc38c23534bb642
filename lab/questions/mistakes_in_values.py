"""The known mistakes about values, gradients and training: name, title, and what is told to whoever made it."""

from __future__ import annotations

VALUES = (
    # By hand
    (
        "kernel-flipped",
        "Kernel flipped",
        "You flipped the kernel. Mathematics does so; convolution layers do not (they compute a cross-correlation).",
    ),
    ("rows-and-columns", "Row and column swapped", "You took another cell. The row comes first, then the column."),
    (
        "only-added",
        "Window only added up",
        "You added up the window. Each pixel is multiplied with its weight first.",
    ),
    ("max-for-average", "Maximum for average", "You took the largest number. Average pooling takes the mean."),
    ("average-for-max", "Average for maximum", "You took the mean. Max pooling takes the largest number."),
    ("sum-for-average", "Sum for average", "You only added up. Divide by the number of pixels in the window."),
    ("forgot-relu", "ReLU left out", "You left ReLU out. It sets negative numbers to 0 before the pooling."),
    ("relu-takes-size", "Sign dropped", "You dropped the signs. ReLU sets negative numbers to 0."),
    (
        "one-channel-only",
        "One channel only",
        "You used one channel only. A kernel reads all channels, and their results are added.",
    ),
    (
        "bias-for-each-channel",
        "Bias for each channel",
        "You added the bias for each channel. It is added once for each output value.",
    ),
    ("first-for-second", "First map for the second", "That is the first output map. Asked is the second."),
    # Backward
    (
        "gradient-shared",
        "Gradient shared out",
        "You shared the gradient out. Max pooling sends all of it to the pixel that won.",
    ),
    (
        "gradient-to-winner",
        "Gradient to the largest",
        "You sent the gradient to the largest pixel. In an average every pixel has the same part.",
    ),
    (
        "gradient-everywhere",
        "Whole gradient to every pixel",
        "You gave every pixel the whole gradient. Max pooling gives it to the winner, average pooling in equal parts.",
    ),
    (
        "one-position-only",
        "One position only",
        "You used one position only. The same number was used at every position, so the gradients are added.",
    ),
    (
        "gradient-not-multiplied",
        "Gradient of the output left out",
        "You left the gradient of the output out. The chain rule multiplies with it.",
    ),
    ("gradient-averaged", "Gradients averaged", "Gradients of one number that is used several times are added."),
    (
        "bias-gradient-one",
        "Derivative taken for gradient",
        "The derivative of each output with respect to the bias is 1. Multiply it with the output's gradient, and add.",
    ),
    # Training
    (
        "softmax-without-exp",
        "No exponential",
        "You divided the logits themselves. Softmax takes e to their power first.",
    ),
    (
        "sigmoid-for-softmax",
        "Sigmoid for softmax",
        "You used the sigmoid, which looks at one logit only. Softmax divides by the sum over all classes.",
    ),
    ("not-normalised", "Not divided by the sum", "You did not divide by the sum. Probabilities add up to 1."),
    ("other-class", "Another class", "That is the value of another class. Look at which class is asked for."),
    ("gradient-sign", "Sign of the gradient", "The sign is the other way round: the gradient is p − y."),
    ("forgot-target", "Right class not subtracted", "You did not subtract the label. The gradient is p − y."),
    ("forgot-temperature", "Temperature left out", "You left the temperature out. Divide the logits by it first."),
    (
        "temperature-multiplied",
        "Temperature multiplied",
        "You multiplied by the temperature. The logits are divided by it, so a higher one evens out.",
    ),
    (
        "forgot-minus",
        "Minus left out",
        "You left the minus out. A logarithm of a probability is negative, a loss is not.",
    ),
    ("one-minus-p", "One minus p", "You took 1 − p. The cross-entropy is the negative logarithm of p."),
    ("log-base-two", "Logarithm to base 2", "You took the logarithm to base 2. Here it is the natural one, ln."),
    ("log-base-ten", "Logarithm to base 10", "You took the logarithm to base 10. Here it is the natural one, ln."),
    ("forgot-smoothing", "Label smoothing left out", "You left label smoothing out. All classes get a small share."),
    ("sum-for-mean", "Sum for mean", "You added the losses. The mean divides by the number of pictures."),
    ("uphill", "Step uphill", "You went with the gradient, which makes the loss larger. A step goes against it."),
    ("forgot-lr", "Learning rate left out", "You left the learning rate out. It scales the step."),
    ("step-for-weight", "Step for weight", "That is the length of a step. Subtract it from the weight."),
    (
        "forgot-momentum",
        "Momentum left out",
        "You left the momentum out. A part of the last velocity is kept and added.",
    ),
    ("one-step-only", "One step only", "You stopped after the first step. There are two."),
    (
        "forgot-decay",
        "Weight decay left out",
        "You left the weight decay out. It adds a part of the weight to its gradient.",
    ),
    (
        "forgot-factor-two",
        "Factor 2 left out",
        "You left a factor 2 out. The derivative of a square is twice the error.",
    ),
    (
        "forgot-input",
        "Input left out",
        "You left the input out. The chain rule multiplies with what the weight multiplied.",
    ),
    ("one-epoch-only", "One epoch only", "You counted one epoch only."),
    ("images-for-steps", "Images for steps", "You counted images. One step reads a whole batch."),
    (
        "epochs-joined",
        "Epochs joined",
        "You joined the epochs. Each epoch ends with its own, smaller or dropped, last batch.",
    ),
    ("last-batch-kept", "Last batch kept", "You counted the incomplete last batch, but it is dropped."),
    ("last-batch-dropped", "Last batch dropped", "You dropped the last batch. It is smaller, but it is a step too."),
    ("test-images-counted", "Test images counted", "You counted the test images. Training does not see them."),
    # Neurons
    ("value-for-derivative", "Value for derivative", "That is the value of the function. Asked is its derivative."),
    ("slope-sign", "Sign of the derivative", "The sign is wrong. Look whether the curve rises or falls here."),
    ("slope-of-line", "Slope of a straight line", "You took slope 1. That holds for a straight line only."),
    ("activation-identity", "Input passed on", "You passed the input on as it is. The activation changes it here."),
    ("other-activation", "Another activation", "That is the value of another activation function."),
    (
        "forgot-bias-of-neuron",
        "Bias left out",
        "You left a bias out. It is added to the weighted sum before the activation.",
    ),
    (
        "bias-for-each-input",
        "Bias for each input",
        "You added the bias for each input. It is added once for the whole neuron.",
    ),
    (
        "inputs-not-weighted",
        "Weights left out",
        "You added the inputs as they are. Each is multiplied with its weight.",
    ),
    ("bias-subtracted", "Bias subtracted", "You subtracted the bias. It is added, with its sign."),
    ("forgot-activation", "Activation left out", "You left the activation out. It comes after the weighted sum."),
    ("forgot-hidden-relu", "ReLU of the hidden layer left out", "You left the ReLU of the hidden neurons out."),
    ("relu-at-the-end", "ReLU at the end", "You applied ReLU to the output. Only the hidden neurons have it."),
    # Judging
    (
        "line-follows",
        "Right line taken for wrong",
        "You took a right line for the wrong one. Ask of each line by itself whether it follows from those before.",
    ),
    ("one-side-only", "One of the two only", "That is the number of one of the two. Asked is the difference."),
    (
        "size-for-vector",
        "One axis for the vector",
        "You took one side of the picture. A dense layer reads every value: channels × height × width.",
    ),
    ("ratio-upside-down", "Ratio upside down", "You divided the other way round."),
    ("difference-for-ratio", "Difference for ratio", "You subtracted. Asked is how many times as many: divide."),
    (
        "twice-not-four-times",
        "Twice for four times",
        "You doubled the pixels. Twice as high and twice as wide means four times as many.",
    ),
    (
        "dense-like-convolution",
        "Dense taken for convolution",
        "A dense layer has a weight for every pixel. More pixels mean more weights.",
    ),
    (
        "convolution-like-dense",
        "Convolution taken for dense",
        "A convolution uses the same kernel everywhere. More pixels mean more arithmetic, not more weights.",
    ),
    ("pooling-has-parameters", "Pooling learns", "Pooling learns nothing and multiplies nothing: it has no weights."),
    (
        "dense-is-cheap",
        "Dense taken for small",
        "A dense layer has a weight for every value of the picture and every neuron.",
    ),
    (
        "dense-used-once",
        "Dense taken for the largest",
        "A dense layer uses each of its weights once. Work out the numbers: another layer has more.",
    ),
    (
        "convolution-is-large",
        "Convolution taken for large",
        "A convolution learns one small kernel for each output channel, used everywhere.",
    ),
    (
        "convolution-reused",
        "Positions overlooked",
        "Work out the numbers for this convolution: weights for parameters, weights times positions for MACs.",
    ),
)
