import { getAudit, type AuditEntry } from '../../api/audit.ts'
import type { Client } from '../../api/clients.ts'
import { useMissing } from '../../data/me.tsx'
import { useResource } from '../../data/use-resource.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { Time } from '../../parts/time.tsx'
import { describeClientChange } from './describe-client-change.ts'

const SHOWN = 50

const COLUMNS: readonly Column<AuditEntry>[] = [
  { title: 'When', class: 'narrow', cell: ({ at }) => <Time at={at} /> },
  { title: 'Who', class: 'narrow', cell: ({ actor }) => actor },
  { title: 'What', cell: (entry) => describeClientChange(entry) },
]

/** What people did to a client, and to its phone on the suppression list; imports and changes of many are no part of it. */
export function ClientHistory({ client: { id, phone, updatedAt } }: { client: Client }) {
  const mayRead = useMissing(['audit:read']).length === 0
  const changes = useResource(mayRead ? `${id} ${phone} ${updatedAt}` : undefined, async (signal) => {
    const [ofClient, ofPhone] = await Promise.all([
      getAudit({ subject: 'client', subjectId: id, limit: SHOWN }, signal),
      getAudit({ subject: 'suppression', subjectId: phone, limit: SHOWN }, signal),
    ])
    const entries = [...ofClient.data.items, ...ofPhone.data.items].sort((a, b) => b.id - a.id)
    return { data: entries.slice(0, SHOWN), stale: false }
  })
  if (!mayRead) return null
  return (
    <>
      <h3>Changes</h3>
      <Loaded resource={changes}>
        {(entries) =>
          entries.length === 0 ? (
            <p class="quiet">Nobody has changed it; it came with an import.</p>
          ) : (
            <Table label="Changes" class="stacked" columns={COLUMNS} rows={entries} rowKey={({ id }) => id} />
          )
        }
      </Loaded>
    </>
  )
}
