/** When the addresses that clients used before `/api/v1` became aliases, and until when they work in any case. */
export const OLD_ADDRESSES = {
  since: new Date('2026-11-01T00:00:00Z'),
  sunset: new Date('2027-12-01T00:00:00Z'),
} as const;
