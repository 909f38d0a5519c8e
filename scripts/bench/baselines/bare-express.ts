import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHash, createPrivateKey, createPublicKey, randomUUID } from 'node:crypto';
import { parseCookie } from 'cookie';
import express from 'express';
import { rateLimit } from 'express-rate-limit';
import { jwtVerify } from 'jose';
import knex from 'knex';
import multer from 'multer';
import { RedisStore } from 'rate-limit-redis';
import { createClient } from 'redis';

/**
 * What the API is held against: the least that Express can do for a logged-in reader and for an upload, on the same
 * packages, database and Redis. It verifies the JWT, looks the session up, asks one limiter and runs the same query; and
 * it takes a file in with multer and stores it by one insert. Nothing is logged, measured, validated or sent beside.
 *
 * The table `bare_uploads` must be there. Settings: DATABASE_URL, REDIS_URL and AUTH_SIGNING_KEYS, as the product has them.
 */
const setting = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
};

/** DER head of an Ed25519 private key (RFC 8410, section 7). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const seed = Buffer.from(setting('AUTH_SIGNING_KEYS').split(',')[0] ?? '', 'base64url');
const publicKey = createPublicKey(
  createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' }),
);
const cookieName = 'donkey_session';
const database = knex({
  client: 'pg',
  connection: { connectionString: setting('DATABASE_URL'), application_name: 'bare' },
  pool: { min: 0, max: 10 },
});
const redis = createClient({ url: setting('REDIS_URL') });
await redis.connect();

const app = express();
app.disable('x-powered-by');

interface Caller {
  readonly id: string;
}

const authenticate: express.RequestHandler = async (req, res, next) => {
  const token = parseCookie(req.headers.cookie ?? '')[cookieName] ?? '';
  const { payload } = await jwtVerify(token, publicKey, { algorithms: ['EdDSA'] });
  const user = await database('sessions')
    .join('users', 'users.id', 'sessions.user_id')
    .where({ 'sessions.id': payload['sid'], 'sessions.user_id': payload.sub })
    .whereNull('sessions.revoked_at')
    .where('sessions.expires_at', '>', database.fn.now())
    .first<Caller | undefined>('users.id', 'users.username', 'users.role');
  if (user === undefined) {
    res.sendStatus(401);
    return;
  }
  res.locals['user'] = user;
  next();
};

const limiter = rateLimit({
  windowMs: 60_000,
  limit: 1_000_000,
  standardHeaders: 'draft-8',
  legacyHeaders: false,
  keyGenerator: (_req, res) => (res.locals['user'] as Caller).id,
  store: new RedisStore({
    prefix: 'bare:',
    sendCommand: (...command: string[]) => redis.sendCommand(command),
  }),
});

app.get('/prompts/:id', authenticate, limiter, async (req, res) => {
  const row: unknown = await database('prompts')
    .where({ user_id: (res.locals['user'] as Caller).id, id: req.params['id'] })
    .first();
  if (row === undefined) res.sendStatus(404);
  else res.json({ data: row });
});

const upload = multer({ storage: multer.memoryStorage(), limits: { fileSize: 10 * 1024 * 1024 } });
app.post('/documents', upload.single('file'), async (req, res) => {
  if (req.file === undefined) {
    res.sendStatus(400);
    return;
  }
  const { originalname, buffer } = req.file;
  const id = randomUUID();
  const sha256 = createHash('sha256').update(buffer).digest();
  await database('bare_uploads').insert({ id, filename: originalname, sha256, content: buffer });
  res.status(202).json({ data: { id } });
});

const server = createServer(app);
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
console.log(JSON.stringify({ level: 'info', msg: 'listening', address: `http://127.0.0.1:${port}` }));
