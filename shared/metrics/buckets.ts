/** Bounds in seconds: from a cached read to a job of minutes. */
export const FAST = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10];
export const SLOW = [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** Bounds in bytes: what one file may cost. */
export const MEMORY = [64, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048].map((mebi) => mebi * 1024 ** 2);
