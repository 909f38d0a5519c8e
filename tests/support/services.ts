/** The services that tests run on; `scripts/test.sh` starts them and sets both variables. */
export interface TestServices {
  /** A role that may create databases. */
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

/** @throws Error with the remedy when the services were not named */
export function testServices(): TestServices {
  const databaseUrl = process.env.TEST_DATABASE_URL;
  const redisUrl = process.env.TEST_REDIS_URL;
  if (!databaseUrl || !redisUrl)
    throw new Error('TEST_DATABASE_URL and TEST_REDIS_URL are not set: run the tests with ./scripts/test.sh');
  return { databaseUrl, redisUrl };
}
