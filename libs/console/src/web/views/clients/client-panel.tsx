import { useState } from 'preact/hooks'
import { changeClient, getClient, type Client } from '../../api/clients.ts'
import { useAction } from '../../data/use-action.ts'
import { useResource } from '../../data/use-resource.ts'
import { Code } from '../../parts/code.tsx'
import { ActionError } from '../../parts/action-error.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Needs } from '../../parts/needs.tsx'
import { SidePanel } from '../../parts/side-panel.tsx'
import { Time } from '../../parts/time.tsx'
import { useToast } from '../../parts/toast.tsx'
import { ClientDialog } from './client-dialog.tsx'
import { ClientHistory } from './client-history.tsx'
import { ClientMessages } from './client-messages.tsx'
import { DeleteClient } from './delete-client.tsx'
import { OptOutFacts } from './opt-out-facts.tsx'
import { RemoveSuppression } from './remove-suppression.tsx'

interface ClientPanelProps {
  readonly id: string
  readonly onClose: () => void
  /** Something about it was changed. */
  readonly onWritten: () => void
}

/** One client in full, and what may be done about it. */
export function ClientPanel({ id, onClose, onWritten }: ClientPanelProps) {
  const client = useResource(id, (signal) => getClient(id, signal))
  const written = () => {
    client.reload()
    onWritten()
  }
  return (
    <SidePanel
      title={client.data ? client.data.phone : `Client ${id}`}
      onClose={onClose}
      actions={client.data && <Actions client={client.data} onWritten={written} onGone={onClose} />}
    >
      <Loaded resource={client}>{(data) => <Details client={data} />}</Loaded>
    </SidePanel>
  )
}

interface ActionsProps {
  readonly client: Client
  readonly onWritten: () => void
  readonly onGone: () => void
}

function Actions({ client, onWritten, onGone }: ActionsProps) {
  const toast = useToast()
  const [open, setOpen] = useState<'edit' | 'delete' | 'opt-in'>()
  const close = () => setOpen(undefined)
  const optOut = useAction(async () => {
    await changeClient(client.id, { optedOut: true })
    toast('Opted out: receives no more messages')
    onWritten()
  })
  const done = () => {
    close()
    onWritten()
  }
  return (
    <Needs scope="clients:write">
      <button type="button" onClick={() => setOpen('edit')}>
        Edit
      </button>
      {client.optedOut ? (
        <button type="button" onClick={() => setOpen('opt-in')}>
          Opt in
        </button>
      ) : (
        <button type="button" disabled={optOut.busy} onClick={optOut.run}>
          Opt out
        </button>
      )}
      <button type="button" onClick={() => setOpen('delete')}>
        Delete
      </button>
      <ActionError error={optOut.error} />
      {open === 'edit' && <ClientDialog client={client} onClose={close} onDone={done} />}
      {open === 'opt-in' && (
        <RemoveSuppression
          entry={{ channel: 'gateway', address: client.phone }}
          onClose={close}
          onDone={done}
        />
      )}
      {open === 'delete' && (
        <DeleteClient
          client={client}
          onClose={close}
          onDone={() => {
            onGone()
            onWritten()
          }}
        />
      )}
    </Needs>
  )
}

function Details({ client }: { client: Client }) {
  const { id, operatorCode, tag, timeZone, email, webhookUrl, attributes } = client
  const { createdAt, updatedAt } = client
  return (
    <>
      <Facts
        facts={[
          ['State', <OptOutFacts client={client} />],
          ['Client', id],
          ['Operator', operatorCode],
          ['Tag', tag || <span class="quiet">none</span>],
          ['Time zone', timeZone],
          ['E-mail', email ?? <span class="quiet">none</span>],
          ['Webhook', webhookUrl ?? <span class="quiet">none</span>],
          ['Created', <Time at={createdAt} />],
          ['Changed', <Time at={updatedAt} />],
        ]}
      />
      <h3>Attributes</h3>
      {Object.keys(attributes).length === 0 ? (
        <p class="quiet">No attributes</p>
      ) : (
        <Code label="Attributes" text={JSON.stringify(attributes, null, 2)} />
      )}
      <h3>Latest messages</h3>
      <ClientMessages id={id} />
      <ClientHistory client={client} />
    </>
  )
}
