"""What machine this is."""
import platform


def cpu_info(key):
    try:
        with open("/proc/cpuinfo") as file:
            found = [line.split(":", 1)[1].strip() for line in file if line.split(":", 1)[0].strip() == key]
    except OSError:
        found = []
    return found[0] if found else ""


def cpu_flags():
    return set(cpu_info("flags").split())


def cpu_name():
    return cpu_info("model name") or platform.machine()


def vectors():
    flags = cpu_flags()
    for flag, name in (("avx512f", "AVX-512"), ("avx2", "AVX2"), ("avx", "AVX")):
        if flag in flags:
            return name
    return "128-bit vectors"
