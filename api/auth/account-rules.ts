import Joi from 'joi';

export interface Account {
  readonly username: string;
  readonly email: string;
  readonly password: string;
}

/**
 * ASVS 5.0 6.2.1, 6.2.5 and 6.2.9: 8 characters or more, any composition, long ones welcome. Characters, not code
 * units, are what people count. The upper bound keeps hashing cheap.
 */
export const passwordRule = (): Joi.StringSchema =>
  Joi.string()
    .min(8)
    .max(128)
    .custom((value: string, helpers) =>
      value.length >= 8 && Array.from(value).length < 8 ? helpers.error('string.min', { limit: 8 }) : value,
    );

export const accountFields = {
  username: Joi.string()
    .min(3)
    .max(40)
    .pattern(/^[A-Za-z0-9_.-]+$/)
    .required()
    .description('Unique in any case.'),
  email: Joi.string().max(254).email({ tlds: false }).required().description('Unique; kept in lower case.'),
  password: passwordRule().required().description('8 to 128 characters of any kind.'),
};

/** What everything that makes accounts holds to. */
export const accountSchema = Joi.object<Account>(accountFields);
