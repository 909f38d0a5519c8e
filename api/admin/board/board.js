/* global AbortSignal, clearTimeout, document, fetch, setTimeout */
// Shows what the queues hold, by reading alone: the only requests with an effect are those of the session. Everything
// is put in as text; the policy of the page refuses markup made by scripts.
const EVERY_MS = 5000;
const GIVE_UP_MS = 10_000;
const element = (id) => document.getElementById(id);
let csrfToken = '';
let timer;

async function call(method, path, body) {
  const response = await fetch(`/api/v1/${path}`, {
    method,
    headers: {
      accept: 'application/json',
      ...(method === 'GET' ? {} : { 'x-csrf-token': csrfToken }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(GIVE_UP_MS),
  });
  const answer = await response.json().catch(() => ({}));
  csrfToken = answer.data?.csrf_token ?? csrfToken;
  return { status: response.status, answer };
}

/** As {@link call}, with a token that is made for whatever session the browser has now. */
async function send(path, body) {
  await call('GET', 'auth/csrf');
  return call('POST', path, body);
}

/** An access token lives for minutes: where it has ended, it is renewed once. */
async function read(path) {
  const first = await call('GET', path);
  if (first.status !== 401 || (await send('auth/refresh')).status !== 200) return first;
  return call('GET', path);
}

function show(part) {
  for (const id of ['login', 'refused', 'board']) element(id).hidden = id !== part;
  element('log-out').hidden = part === 'login';
}

const say = (text) => (element('status').textContent = text);
const reasonOf = ({ status, answer }) => answer.title ?? `The API answered ${status}`;

function row(values, className = '') {
  const line = document.createElement('tr');
  line.className = className;
  for (const value of values) {
    const cell = document.createElement('td');
    cell.textContent = String(value.text ?? value);
    if (value.bad === true) cell.className = 'bad';
    line.append(cell);
  }
  return line;
}

function age(seconds) {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

const loads = ({ waiting, delayed, running, oldest_seconds: oldest }) => [
  waiting,
  delayed,
  running,
  waiting === 0 ? '' : age(oldest),
];

function queueRows({ name, paused, consumers, dead, by_priority: priorities, ...load }) {
  const state = { true: 'paused', false: 'open', null: 'unknown: Redis is away' }[paused];
  const served = { text: consumers, bad: consumers === 0 };
  const total = [name, { text: state, bad: paused !== false }, served, ...loads(load)];
  return [
    row([...total, { text: dead, bad: dead > 0 }]),
    ...Object.entries(priorities)
      .filter(([, { waiting, delayed, running }]) => waiting + delayed + running > 0)
      .map(([priority, part]) => row([priority, '', '', ...loads(part), ''], 'priority')),
  ];
}

const deadRow = ({ died_at, type, queue, code, attempts, id }) =>
  row([died_at ?? '', type, queue, code ?? '', attempts, id]);

function fill(queues, dead) {
  element('queues').replaceChildren(...queues.data.flatMap(queueRows));
  element('dead').replaceChildren(...dead.data.map(deadRow));
  element('dead-table').hidden = dead.data.length === 0;
  element('no-dead').hidden = dead.data.length > 0;
  element('more-dead').hidden = !dead.meta.has_more;
  say(`As of ${new Date().toISOString().slice(11, 19)} UTC`);
  show('board');
}

/** Whether it is worth asking again. */
async function look() {
  // One after the other, so that a token that has ended is renewed once.
  const queues = await read('admin/queues');
  const dead = queues.status === 200 ? await read('admin/dead-letters?limit=20') : queues;
  const worst = dead.status === 200 ? queues : dead;
  if (worst.status === 401 || worst.status === 403) {
    show(worst.status === 401 ? 'login' : 'refused');
    say('');
    element('queues').replaceChildren();
    element('dead').replaceChildren();
    return false;
  }
  if (worst.status === 200) fill(queues.answer, dead.answer);
  else say(`${reasonOf(worst)}. What stands here may be old.`);
  return true;
}

async function watch() {
  clearTimeout(timer);
  const again = document.hidden || (await look().catch(unreachable));
  if (again) timer = setTimeout(watch, EVERY_MS);
}

function unreachable() {
  say('The API cannot be reached. What stands here may be old.');
  return true;
}

element('login').addEventListener('submit', async (event) => {
  event.preventDefault();
  const [username, password] = [element('username').value, element('password').value];
  element('password').value = '';
  say('Logging in…');
  const result = await send('auth/login', { username, password }).catch(() => undefined);
  if (result?.status === 200) await watch();
  else say(result === undefined ? 'The API cannot be reached.' : `${reasonOf(result)}.`);
});
element('log-out').addEventListener('click', async () => {
  clearTimeout(timer);
  await send('auth/logout').catch(unreachable);
  await watch();
});
void watch();
