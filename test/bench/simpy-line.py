"""The line of servers in SimPy, as its documentation writes a bank with one counter. Runs once for each line on its input."""

import json
import random
import resource
import sys
import time

import simpy


def run(spec):
    rate = spec["customersPerSecond"]
    environment = simpy.Environment()
    generator = random.Random(1)
    servers = [simpy.Resource(environment) for _ in range(spec["stations"])]
    latencies = []
    counts = {"created": 0}

    def customer():
        born = environment.now
        for server in servers:
            with server.request() as request:
                yield request
                yield environment.timeout(generator.expovariate(rate / 0.8))
        latencies.append(environment.now - born)

    def source():
        while True:
            yield environment.timeout(generator.expovariate(rate))
            counts["created"] += 1
            environment.process(customer())

    environment.process(source())
    environment.run(spec["seconds"])
    mean = sum(latencies) / len(latencies)
    return counts["created"], {"left": len(latencies), "latencyMeanMs": 1000 * mean}


def main():
    spec = json.loads(sys.argv[1])
    for _ in sys.stdin:
        cpu, wall = time.process_time(), time.perf_counter()
        units, shown = run(spec)
        sample = {
            "units": units,
            "cpuSeconds": time.process_time() - cpu,
            "wallSeconds": time.perf_counter() - wall,
            "peakRssBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
            "shown": shown,
        }
        print(json.dumps(sample), flush=True)


main()
