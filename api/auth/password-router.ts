import type { Mount } from '#api/http/routes.ts';
import {
  changePassword,
  confirmPasswordReset,
  reauthenticate,
  requestPasswordReset,
} from './password-endpoints.ts';
import type { PasswordService } from './password-service.ts';

export function mountPasswords(mount: Mount, passwords: PasswordService): void {
  mount(changePassword, async ({ user, sessionId, actor, body }) => {
    const caller = { userId: user.id, sessionId, actor };
    await passwords.change(caller, { current: body.current_password, next: body.new_password });
    return { status: 204 };
  });
  mount(reauthenticate, async ({ user, sessionId, actor, body }) => {
    await passwords.reauthenticate({ userId: user.id, sessionId, actor }, body.password);
    return { status: 204 };
  });
  mount(requestPasswordReset, ({ body, actor }) => {
    passwords.requestReset(body.login, actor);
    return { status: 202 };
  });
  mount(confirmPasswordReset, async ({ body, actor }) => {
    await passwords.confirmReset(body, actor);
    return { status: 204 };
  });
}
