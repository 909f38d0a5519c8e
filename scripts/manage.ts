import Joi from 'joi';
import { Command, Option } from 'commander';
import { ConfigError } from '#shared/config/config.ts';
import type { Role } from '#shared/domain/types.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { migrate, rollback, seed } from './manage/database-commands.ts';
import { withOperatorContext } from './manage/operator-context.ts';
import { createUser, promoteUser } from './manage/user-commands.ts';

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

const user = program.command('user').description('accounts');
user
  .command('create')
  .description('make an account')
  .requiredOption('--username <name>')
  .requiredOption('--email <address>')
  .option('--password-stdin', 'read the password from standard input; default: one is made and printed once')
  .option('--admin', 'make an administrator')
  .action((options: Parameters<typeof createUser>[1]) =>
    withOperatorContext((context) => createUser(context, options)),
  );
user
  .command('promote <login>')
  .description('give the account of this user name or e-mail address another role')
  .addOption(new Option('--role <role>').choices(['user', 'admin']).default('admin'))
  .action((login: string, { role }: { role: Role }) =>
    withOperatorContext((context) => promoteUser(context, login, role)),
  );

try {
  await program.parseAsync();
} catch (error) {
  const expected = error instanceof ConfigError || error instanceof AppError || Joi.isError(error);
  process.stderr.write(`${expected ? error.message : String((error as Error).stack)}\n`);
  process.exitCode = 1;
}
