/** @returns the value below which that share of the ascending list lies (nearest rank); NaN of none */
export const percentile = (ascending: readonly number[], share: number): number =>
  ascending[Math.min(ascending.length - 1, Math.max(0, Math.ceil(ascending.length * share) - 1))] ?? NaN;
