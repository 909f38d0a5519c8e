import type { AuditEvent } from '#db/stores/audit-store.ts';

/** An event as its owner and administrators see it. */
export const auditView = (event: AuditEvent) => ({
  id: event.id,
  user_id: event.userId,
  actor_id: event.actorId,
  api_key_id: event.apiKeyId,
  action: event.action,
  target_type: event.targetType,
  target_id: event.targetId,
  address: event.address,
  user_agent: event.userAgent,
  correlation_id: event.correlationId,
  details: event.details,
  created_at: event.createdAt.toISOString(),
});
