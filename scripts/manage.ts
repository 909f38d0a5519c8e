import { text } from 'node:stream/consumers';
import Joi from 'joi';
import { Command, Option } from 'commander';
import { ConfigError } from '#shared/config/config.ts';
import type { Role } from '#shared/domain/types.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { retireCredentialKey, rewrapCredentials, verifyCredentials } from './manage/credential-commands.ts';
import { migrate, rollback, seed } from './manage/database-commands.ts';
import {
  activateModel,
  buildModel,
  dropModel,
  listModels,
  listRefused,
  registerModel,
  rollbackModel,
} from './manage/embedding-model-commands.ts';
import type { NewModelOptions, SwitchOptions } from './manage/embedding-model-commands.ts';
import { withOperatorContext } from './manage/operator-context.ts';
import { userQuota } from './manage/quota-commands.ts';
import type { QuotaOptions } from './manage/quota-commands.ts';
import { printReport } from './manage/report-commands.ts';
import type { ReportOptions } from './manage/report-commands.ts';
import { printSizes } from './manage/size-commands.ts';
import { createUser, invite, printResetLink, promoteUser } from './manage/user-commands.ts';

interface NewAccountOptions {
  readonly username: string;
  readonly email: string;
  readonly passwordStdin?: boolean;
  readonly admin?: boolean;
}

const program = new Command('npm run manage --')
  .description('Operates a Donkey Workspace with the settings of the environment and .env.')
  .showHelpAfterError();

program
  .command('migrate')
  .description('bring the schema up to date')
  .action(() => withOperatorContext(migrate));
program
  .command('rollback')
  .description('undo the migrations that ran together last; their data is lost')
  .requiredOption('--yes', 'really do it')
  .action(() => withOperatorContext(rollback));
program
  .command('seed')
  .description('make the embedding model and the first administrator; safe to repeat')
  .action(() => withOperatorContext(seed));

program
  .command('sizes')
  .description('print what the tables take on disk, and of it what one chunk does')
  .action(() => withOperatorContext(printSizes));

const report = program.command('report').description('what to look at every week or month');
for (const period of ['weekly', 'monthly'] as const)
  report
    .command(period)
    .description(`the last ${period === 'weekly' ? 7 : 30} days, as Markdown`)
    .option('--json', 'as JSON, to keep or to read by a program')
    .option('--log <file...>', 'count the warnings and errors of these logs too')
    .option('--before <file>', 'show what has grown since an earlier report, made with --json')
    .option('--no-registry', 'ask no registry about packages')
    .action((options: ReportOptions) =>
      withOperatorContext((context) => printReport(context, period, options)),
    );

const user = program.command('user').description('accounts');
user
  .command('create')
  .description('make an account')
  .requiredOption('--username <name>')
  .requiredOption('--email <address>')
  .option('--password-stdin', 'read the password from standard input; default: one is made and printed once')
  .option('--admin', 'make an administrator')
  .action(async ({ passwordStdin, ...account }: NewAccountOptions) => {
    // As an argument it would stand in the process list and in the shell's history.
    const given = passwordStdin === true ? { password: (await text(process.stdin)).trimEnd() } : {};
    await withOperatorContext((context) => createUser(context, { ...account, ...given }));
  });
user
  .command('promote <login>')
  .description('give the account of this user name or e-mail address another role')
  .addOption(new Option('--role <role>').choices(['user', 'admin']).default('admin'))
  .action((login: string, { role }: { role: Role }) =>
    withOperatorContext((context) => promoteUser(context, login, role)),
  );

user
  .command('reset-link <login>')
  .description('print a one-time token with which the owner sets a new password')
  .action((login: string) => withOperatorContext((context) => printResetLink(context, login)));
user
  .command('invite')
  .description('print a code with which one person can register under SIGN_UP=invitation')
  .addOption(
    new Option('--days <days>', 'days until it expires')
      .default(7)
      .argParser((text) => Joi.attempt(text, Joi.number().integer().min(1).max(365))),
  )
  .action(({ days }: { days: number }) => withOperatorContext((context) => invite(context, days)));

const credentials = program.command('credentials').description('encryption of stored credentials');
credentials
  .command('rewrap')
  .description('put all under the first key of CREDENTIAL_KEYS, while the product runs; may be repeated')
  .action(() => withOperatorContext(rewrapCredentials));
credentials
  .command('verify')
  .description('decrypt every credential and tell which cannot be read')
  .action(() => withOperatorContext(verifyCredentials));
credentials
  .command('retire <keyid>')
  .description('forget a key that encrypts nothing any more')
  .action((keyId: string) => withOperatorContext((context) => retireCredentialKey(context, keyId)));
user
  .command('quota <login>')
  .description('show what an account uses, and set limits of its own: a number, 0 for none, or "default"')
  .option('--documents <limit>')
  .option('--bytes <limit>', 'of the original files')
  .option('--embedding-tokens-per-day <limit>')
  .option('--completion-tokens-per-day <limit>', 'read and written by models')
  .action((login: string, options: QuotaOptions) =>
    withOperatorContext((context) => userQuota(context, login, options)),
  );

const whole = (text: string): number => Joi.attempt(text, Joi.number().integer().min(1).max(32_767));
const model = program
  .command('embedding-model')
  .description('change of the embedding model, without downtime');
model
  .command('list')
  .description('show all models and how far their vectors are')
  .action(() => withOperatorContext(listModels));
model
  .command('register')
  .description('make a model known; it is asked for one vector first')
  .addOption(new Option('--provider <provider>').choices(['builtin', 'openai']).default('openai'))
  .requiredOption('--name <name>')
  .requiredOption('--dimensions <number>', 'length of its vectors', whole)
  .option('--base-url <url>', 'EMBEDDING_BASE_URL (default) or EMBEDDING_NEXT_BASE_URL')
  .action((options: NewModelOptions) => withOperatorContext((context) => registerModel(context, options)));
model
  .command('build <id>')
  .description('make its vectors in the background, or go on with a build that has failed')
  .action((id: string) => withOperatorContext((context) => buildModel(context, whole(id))));
model
  .command('activate <id>')
  .description('make searches use it, once it is complete')
  .option('--accept-refused', 'also without what it refuses')
  .action((id: string, options: SwitchOptions) =>
    withOperatorContext((context) => activateModel(context, whole(id), options)),
  );
model
  .command('refused <id>')
  .description('list the passages and memories that it refuses, and why')
  .action((id: string) => withOperatorContext((context) => listRefused(context, whole(id))));
model
  .command('rollback')
  .description('go back to the model used before')
  .option('--accept-refused', 'also without what that one refuses')
  .action((options: SwitchOptions) => withOperatorContext((context) => rollbackModel(context, options)));
model
  .command('drop <id>')
  .description('remove the vectors of a model that is not in use')
  .requiredOption('--yes', 'really do it')
  .action((id: string) => withOperatorContext((context) => dropModel(context, whole(id))));

try {
  await program.parseAsync();
} catch (error) {
  const expected = error instanceof ConfigError || error instanceof AppError || Joi.isError(error);
  process.stderr.write(`${expected ? error.message : String((error as Error).stack)}\n`);
  process.exitCode = 1;
}
