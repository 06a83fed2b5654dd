#!/usr/bin/env python3
"""Quantiles of the continuous laws by roots in 50 digits: writes quantiles.csv.

pip install mpmath==1.3.0 && python3 benches/goodness/reference/quantiles.py > benches/goodness/reference/quantiles.csv

Each root is found for the double that stands for p, and for the doubles that stand for the parameters. `elasticity` is
q f(q) / min(p, 1 - p): the relative error of the smaller tail's probability that a relative error of 1 in q would make.
"""
from mpmath import mp, mpf, betainc, erfc, exp, expm1, gamma, inf, log, loggamma, sqrt

mp.dps = 50
# What lies below counts as this; no root is near it.
TINY = mpf(10) ** -45
PROBABILITIES = [1e-12, 1e-9, 1e-6, 1e-3, 0.05, 0.3, 0.5, 0.7, 0.95, 1 - 1e-3, 1 - 1e-6, 1 - 1e-9, 1 - 1e-12]


def normal_upper(z):
    return erfc(z / sqrt(mpf(2))) / 2


# Each law gives (F, S, low, high): distribution function and survival, both with all their digits, and where to look.
def exponential(mean):
    return (lambda t: -expm1(-t / mean), lambda t: exp(-t / mean), mpf(0), 100 * mean)


def weibull_scale(shape, scale):
    return (lambda t: -expm1(-(t / scale) ** shape), lambda t: exp(-((t / scale) ** shape)), mpf(0),
            scale * mpf(40) ** (1 / shape))


def weibull_mean(shape, mean):
    return weibull_scale(shape, mean / gamma(1 + 1 / shape))


def lognormal_median_sigma(median, sigma):
    return (lambda t: normal_upper(-log(t / median) / sigma), lambda t: normal_upper(log(t / median) / sigma),
            mpf(0), median * exp(9 * sigma))


def lognormal_mean_sigma(mean, sigma):
    return lognormal_median_sigma(mean * exp(-sigma**2 / 2), sigma)


def lognormal_median_p95(median, p95):
    # The root of Phi(z) = 0.95, in 50 digits.
    z95 = root(lambda z: normal_upper(z) - mpf(5) / 100, mpf(1), mpf(2))
    return lognormal_median_sigma(median, log(p95 / median) / z95)


def gamma_mean(shape, mean):
    # All terms are positive; the survival as a difference loses 12 of 50 digits at most where it is asked for.
    def low(t):
        x = t * shape / mean
        term = total = mpf(1)
        k = shape
        while term > total * mpf(10) ** -50:
            k += 1
            term *= x / k
            total += term
        return total * exp(shape * log(x) - x - loggamma(shape + 1))

    return (low, lambda t: 1 - low(t), mpf(0), mean * (1 + 9 / sqrt(shape) + 50 / shape))


def erlang(stages, mean):
    return gamma_mean(stages, mean)


def pert(least, mode, most):
    width = most - least
    a, b = 1 + 4 * (mode - least) / width, 1 + 4 * (most - mode) / width
    return (lambda t: betainc(a, b, 0, (t - least) / width, regularized=True),
            lambda t: betainc(b, a, 0, (most - t) / width, regularized=True), least, most)


def triangular(least, mode, most):
    width = most - least
    below = lambda t: (t - least) ** 2 / ((mode - least) * width) if t < mode else 1 - (most - t) ** 2 / (
        (most - mode) * width) if t < most else mpf(1)
    return (below, lambda t: 1 - below(t), least, most)


def uniform(least, most):
    return (lambda t: (t - least) / (most - least), lambda t: (most - t) / (most - least), least, most)


def normal(mean, sd):
    kept = normal_upper(-mean / sd)
    return (lambda t: (normal_upper(-(t - mean) / sd) - normal_upper(mean / sd)) / kept,
            lambda t: normal_upper((t - mean) / sd) / kept, mpf(0), mean + 12 * sd)


def hyperexponential(*branches):
    pairs = list(zip(branches[::2], branches[1::2]))
    total = sum(share for share, _ in pairs)
    return (lambda t: sum(-share * expm1(-t / mean) for share, mean in pairs) / total,
            lambda t: sum(share * exp(-t / mean) for share, mean in pairs) / total, mpf(0), 100 * max(m for _, m in pairs))


def piecewise_hazard(*pieces):
    pairs = list(zip(pieces[::2], pieces[1::2]))

    def accrued(t):
        ends = [start for start, _ in pairs[1:]] + [inf]
        return sum(hazard * (min(t, end) - start) for (start, hazard), end in zip(pairs, ends) if t > start)

    return (lambda t: -expm1(-accrued(t)), lambda t: exp(-accrued(t)), mpf(0), pairs[-1][0] + 40 / pairs[-1][1])


def pareto(shape, least):
    return (lambda t: -expm1(-shape * log(t / least)), lambda t: exp(-shape * log(t / least)), least,
            least * exp(40 / shape))


def mixture_of_weibull_and_lognormal(share, shape, scale, median, sigma):
    first, second = weibull_scale(shape, scale), lognormal_median_sigma(median, sigma)
    mix = lambda side: lambda t: share * first[side](t) + (1 - share) * second[side](t)
    return (mix(0), mix(1), min(first[2], second[2]), max(first[3], second[3]))


CASES = [
    (exponential, (1e-9,)), (exponential, (5e7,)),
    (weibull_scale, (0.05, 7.0)), (weibull_scale, (0.74, 180.0)), (weibull_mean, (0.2, 4320.0)),
    (weibull_mean, (1.8, 4320.0)), (weibull_mean, (12.0, 4320.0)), (weibull_scale, (1000.0, 7.0)),
    (lognormal_median_p95, (0.1, 1.0)), (lognormal_median_sigma, (2.0, 1e-3)), (lognormal_mean_sigma, (8.0, 2.0)),
    (lognormal_median_sigma, (5.0, 10.0)),
    (gamma_mean, (0.05, 12.0)), (gamma_mean, (0.1, 12.0)), (gamma_mean, (0.7, 12.0)), (gamma_mean, (3.3, 12.0)),
    (gamma_mean, (40.0, 12.0)), (gamma_mean, (2000.0, 12.0)), (gamma_mean, (1e6, 12.0)),
    (erlang, (1, 10.0)), (erlang, (3, 10.0)), (erlang, (25, 10.0)), (erlang, (10000, 10.0)),
    (pert, (0.0, 1.0, 4.0)), (pert, (1.0, 1.0, 9.0)), (pert, (2.0, 7.0, 7.0)), (pert, (0.5, 0.6, 30.0)),
    (pert, (100.0, 101.0, 102.0)),
    (triangular, (1.0, 2.0, 7.0)), (triangular, (0.0, 0.0, 7.0)), (triangular, (2.0, 7.0, 7.0)),
    (uniform, (0.0, 1.0)), (uniform, (100.0, 101.0)),
    (normal, (10.0, 2.0)), (normal, (1.0, 5.0)), (normal, (1000.0, 1.0)), (normal, (1e-3, 100.0)),
    (hyperexponential, (0.9, 1.0, 0.1, 100.0)), (hyperexponential, (0.999, 0.01, 0.001, 1e4)),
    (piecewise_hazard, (0.0, 0.01, 100.0, 0.0, 200.0, 1e-3, 2000.0, 5e-3)), (piecewise_hazard, (0.0, 0.0, 50.0, 2.0)),
    (pareto, (3.0, 2.0)), (pareto, (1.5, 0.01)), (pareto, (0.1, 2.0)), (pareto, (1000.0, 2.0)),
    (mixture_of_weibull_and_lognormal, (0.25, 0.7, 50.0, 4.0, 1.1)),
]


def root(f, low, high, steps=300):
    """The zero of a monotone f between low and high, by Ridders' method held inside its bracket."""
    f_low, f_high = f(low), f(high)
    for _ in range(steps):
        middle = (low + high) / 2
        f_middle = f(middle)
        if f_middle == 0:
            return middle
        x = middle + (middle - low) * (1 if f_low > f_high else -1) * f_middle / sqrt(f_middle**2 - f_low * f_high)
        f_x = f(x)
        if f_x == 0:
            return x
        points = sorted([(low, f_low), (middle, f_middle), (x, f_x), (high, f_high)])
        for (a, f_a), (b, f_b) in zip(points, points[1:]):
            if f_a * f_b <= 0:
                low, f_low, high, f_high = a, f_a, b, f_b
                break
        if high - low <= abs(high) * mpf(10) ** -28:
            break
    return (low + high) / 2


def quantile(law, p):
    """The root for the double p and its elasticity; sought on a logarithmic scale from where the law begins."""
    below, above, least, most = law
    p = mpf(p)
    f = (lambda t: log(max(below(t), TINY) / p)) if p < 0.5 else (lambda t: -log(max(above(t), TINY) / (1 - p)))
    q = least + exp(root(lambda x: f(least + exp(x)), log(mpf(10) ** -400), log(most - least)))
    h = q * mpf(10) ** -12
    density = (below(q + h) - below(q - h)) / (2 * h)
    return q, q * density / min(p, 1 - p)


def main():
    print("law,parameters,p,quantile_hours,elasticity")
    for law, parameters in CASES:
        shape = law(*[mpf(value) for value in parameters])
        for p in PROBABILITIES:
            q, elasticity = quantile(shape, p)
            print(f"{law.__name__},{' '.join(map(repr, parameters))},{p!r},{mp.nstr(q, 20)},{mp.nstr(elasticity, 6)}",
                  flush=True)


if __name__ == "__main__":
    main()
