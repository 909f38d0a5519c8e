import type { Json } from '#tests/support/http-client.ts';

const kindOf = (value: Json): string =>
  value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value;

/**
 * How an answer differs in shape from the example that is documented for it: keys that only one of them has, values of
 * another type, lists that are empty in one of them alone. Null stands for any type, since the schema says where it may;
 * what the schema leaves open, such as the details of an event, is not compared.
 */
export function differencesOf(schema: Json, example: Json, actual: Json, at = ''): string[] {
  if (kindOf(example) === 'null' || kindOf(actual) === 'null') return [];
  if (kindOf(example) !== kindOf(actual)) return [`${at}: ${kindOf(example)} is ${kindOf(actual)}`];
  if (kindOf(example) === 'list') return differencesOfLists(schema, example, actual, at);
  if (kindOf(example) !== 'object' || schema?.properties === undefined) return [];
  return Object.keys(schema.properties as object).flatMap((name) => {
    const [here, there] = [name in example, name in actual];
    if (!here && !there) return [];
    if (here !== there) return [`${at}/${name}: only in the ${here ? 'example' : 'answer'}`];
    return differencesOf(schema.properties[name], example[name], actual[name], `${at}/${name}`);
  });
}

/** Of lists the first items are compared. Where the example shows something with fields, there has to be something. */
function differencesOfLists(schema: Json, example: Json[], actual: Json[], at: string): string[] {
  if (example.length === 0) return [];
  if (actual.length === 0 && schema?.items?.properties === undefined) return [];
  if (actual.length === 0) return [`${at}: the list of the example is not empty`];
  return differencesOf(schema?.items, example[0], actual[0], `${at}/0`);
}
