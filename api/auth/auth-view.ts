import type { User } from '#shared/domain/types.ts';

/** A user as the account's owner sees it. */
export const userView = (user: User) => ({
  id: user.id,
  username: user.username,
  email: user.email,
  role: user.role,
  created_at: user.createdAt.toISOString(),
});
