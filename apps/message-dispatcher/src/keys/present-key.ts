import type { AccessKey } from '@runnel/contracts/api/access-key'
import type { StoredKey } from '@runnel/repositories-access'

/** A key as it is answered. */
export function presentKey({ scopes, networks, ...key }: StoredKey): AccessKey {
  const time = (at: Date | null) => at && at.toISOString()
  return {
    ...key,
    scopes: [...scopes],
    networks: [...networks],
    createdAt: key.createdAt.toISOString(),
    expiresAt: time(key.expiresAt),
    oldSecretUntil: time(key.oldSecretUntil),
    revokedAt: time(key.revokedAt),
    lastUsedAt: time(key.lastUsedAt),
  }
}
