import type { AccessKey } from '../../api/keys.ts'
import { Ago } from '../../parts/ago.tsx'
import { Badge, type Tone } from '../../parts/badge.tsx'
import { Needs } from '../../parts/needs.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { Time } from '../../parts/time.tsx'

interface KeyTableProps {
  readonly keys: readonly AccessKey[]
  readonly onRotate: (key: AccessKey) => void
  readonly onRevoke: (key: AccessKey) => void
}

const TONES: Readonly<Record<AccessKey['state'], Tone>> = { active: 'good', expired: 'warn', revoked: 'bad' }
const MOST_SCOPES = 3

/** All keys, without their secrets. */
export function KeyTable({ keys, onRotate, onRevoke }: KeyTableProps) {
  const columns: readonly Column<AccessKey>[] = [
    {
      title: 'Name',
      cell: ({ name, kind }) => (
        <>
          {name} {kind === 'test' && <Badge tone="info">test</Badge>}
        </>
      ),
    },
    { title: 'Id', cell: ({ id }) => <code>{id}</code>, class: 'wide-only' },
    { title: 'State', cell: (key) => <State of={key} /> },
    { title: 'Scopes', cell: ({ scopes }) => <span title={scopes.join(', ')}>{shorten(scopes)}</span> },
    { title: 'Last used', cell: ({ lastUsedAt }) => (lastUsedAt ? <Ago at={lastUsedAt} /> : 'never') },
    {
      title: 'Expires',
      cell: ({ expiresAt }) => (expiresAt ? <Time at={expiresAt} /> : 'never'),
      class: 'wide-only',
    },
    { title: 'Created by', cell: ({ createdBy }) => createdBy, class: 'wide-only' },
    {
      title: 'Actions',
      cell: (key) =>
        key.state === 'active' && (
          <Needs scope="keys:write">
            <button type="button" aria-label={`Rotate ${key.name}`} onClick={() => onRotate(key)}>
              Rotate
            </button>{' '}
            <button
              type="button"
              class="danger"
              aria-label={`Revoke ${key.name}`}
              onClick={() => onRevoke(key)}
            >
              Revoke
            </button>
          </Needs>
        ),
    },
  ]
  return <Table label="API keys" columns={columns} rows={keys} rowKey={({ id }) => id} />
}

function State({ of: { state, oldSecretUntil } }: { of: AccessKey }) {
  if (oldSecretUntil === null) return <Badge tone={TONES[state]}>{state}</Badge>
  return (
    <>
      <Badge tone="info">rotating</Badge> until <Time at={oldSecretUntil} />
    </>
  )
}

function shorten(scopes: readonly string[]): string {
  const rest = scopes.length - MOST_SCOPES
  return scopes.slice(0, MOST_SCOPES).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}
