"""The benchmark's job as other durable-execution libraries do it; each module runs with its own libraries, not ours."""
