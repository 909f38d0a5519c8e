import type { Session, User } from '#shared/domain/types.ts';

/** A user as the account's owner sees it. */
export const userView = (user: User) => ({
  id: user.id,
  username: user.username,
  email: user.email,
  role: user.role,
  created_at: user.createdAt.toISOString(),
});

/** A session as its owner sees it. */
export const sessionView = (session: Session, currentId: string) => ({
  id: session.id,
  current: session.id === currentId,
  user_agent: session.userAgent,
  network: session.network,
  created_at: session.createdAt.toISOString(),
  last_used_at: (session.rotatedAt ?? session.createdAt).toISOString(),
  expires_at: session.expiresAt.toISOString(),
});
