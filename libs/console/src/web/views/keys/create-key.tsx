import { useState } from 'preact/hooks'
import { fieldError, isBeside } from '../../api/field-error.ts'
import { createKey, type IssuedKey, type KeyInput } from '../../api/keys.ts'
import { useAction } from '../../data/use-action.ts'
import { useMe } from '../../data/me.tsx'
import { ActionError } from '../../parts/action-error.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { Select } from '../../parts/select.tsx'

interface CreateKeyProps {
  readonly onClose: () => void
  readonly onDone: (issued: IssuedKey) => void
}

const FIELDS = ['/name', '/scopes'] as const
const DAY_MS = 86_400_000
const LIVES = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'a year' },
  { value: '', label: 'without an end' },
]
const KINDS = [
  { value: 'live', label: 'live' },
  { value: 'test', label: 'test: it starts no mailing' },
]

type Scope = KeyInput['scopes'][number]

/** Makes a key with some of the scopes that its maker has. */
export function CreateKey({ onClose, onDone }: CreateKeyProps) {
  const offered = useMe()?.scopes ?? []
  const [name, setName] = useState('')
  const [kind, setKind] = useState('live')
  const [days, setDays] = useState('365')
  const [scopes, setScopes] = useState<readonly Scope[]>([])
  const create = useAction(async () =>
    onDone(
      await createKey({
        name,
        kind: kind as 'live' | 'test',
        scopes: [...scopes],
        ...(days !== '' && { expiresAt: new Date(Date.now() + Number(days) * DAY_MS).toISOString() }),
      }),
    ),
  )
  const toggle = (scope: Scope) =>
    setScopes(scopes.includes(scope) ? scopes.filter((one) => one !== scope) : [...scopes, scope])
  const submit = (event: Event) => {
    event.preventDefault()
    create.run()
  }
  const problem = (field: (typeof FIELDS)[number]) => fieldError(create.error, field)
  return (
    <Dialog title="New API key" open onClose={onClose}>
      <form noValidate onSubmit={submit}>
        <div class="form">
          {create.error && !isBeside(create.error, FIELDS) && <ActionError error={create.error} />}
          <Field label="Name" hint="What uses it" error={problem('/name')}>
            <input
              value={name}
              maxLength={100}
              aria-invalid={problem('/name') !== undefined}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          </Field>
          <Field label="Valid">
            <Select label="Valid" value={days} options={LIVES} onChange={setDays} />
          </Field>
          <Field label="Kind">
            <Select label="Kind" value={kind} options={KINDS} onChange={setKind} />
          </Field>
          <fieldset>
            <legend>Scopes</legend>
            {problem('/scopes') && (
              <span class="field-error" role="alert">
                {problem('/scopes')}
              </span>
            )}
            {offered.map((scope) => (
              <label key={scope} class="check">
                <input type="checkbox" checked={scopes.includes(scope)} onChange={() => toggle(scope)} />{' '}
                {scope}
              </label>
            ))}
          </fieldset>
        </div>
        <div class="dialog-foot">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={create.busy}>
            Create
          </button>
        </div>
      </form>
    </Dialog>
  )
}
