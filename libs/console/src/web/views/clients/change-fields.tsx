import type { Params } from '../../api/build-url.ts'
import type { ClientChangePreview } from '../../api/clients.ts'
import { Field } from '../../parts/field.tsx'
import { Segmented } from '../../parts/segmented.tsx'
import { selectFiltered, selectPhones, type Selection } from './client-selection.ts'

/** What is typed. */
export interface ChangeValues {
  readonly what: 'tag' | 'optOut'
  readonly tag: string
  readonly reason: string
  readonly who: 'filter' | 'phones'
  readonly phones: string
}

export const NO_CHANGE: ChangeValues = { what: 'tag', tag: '', reason: '', who: 'filter', phones: '' }

export function toSelection({ who, phones }: ChangeValues, filter: Params): Selection {
  return who === 'phones' ? selectPhones(phones) : selectFiltered(filter)
}

export function toChange({ what, tag, reason }: ChangeValues): ClientChangePreview['change'] {
  if (what === 'tag') return { tag: tag.trim() }
  return { optedOut: true, ...(reason.trim() !== '' && { reason: reason.trim() }) }
}

/** As the fields of the list are called. */
const FILTER_NAMES: Readonly<Record<string, string>> = {
  q: 'Search',
  phone: 'Phone',
  email: 'E-mail',
  operatorCode: 'Operator',
  tag: 'Tag',
  timeZone: 'Time zone',
  optedOut: 'Opted out',
  channel: 'With an address of',
}

interface ChangeFieldsProps {
  readonly values: ChangeValues
  readonly filter: Params
  readonly onChange: (values: ChangeValues) => void
}

/** Who is changed, and how. */
export function ChangeFields({ values, filter, onChange }: ChangeFieldsProps) {
  const set = (change: Partial<ChangeValues>) => onChange({ ...values, ...change })
  const chosen = Object.entries(filter).filter(([, value]) => value)
  return (
    <>
      <Segmented
        label="Change"
        value={values.what}
        options={[
          { value: 'tag', label: 'Set a tag' },
          { value: 'optOut', label: 'Opt out' },
        ]}
        onChange={(what) => set({ what: what as ChangeValues['what'] })}
      />
      {values.what === 'tag' ? (
        <Field label="New tag" hint="Leave it empty to remove the tag">
          <input value={values.tag} onInput={(event) => set({ tag: event.currentTarget.value })} />
        </Field>
      ) : (
        <Field label="Reason" hint="Kept on the suppression list">
          <input
            value={values.reason}
            placeholder="Opted out"
            onInput={(event) => set({ reason: event.currentTarget.value })}
          />
        </Field>
      )}
      <Segmented
        label="Clients"
        value={values.who}
        options={[
          { value: 'filter', label: chosen.length === 0 ? 'All clients' : 'Clients of this search' },
          { value: 'phones', label: 'A list of phones' },
        ]}
        onChange={(who) => set({ who: who as ChangeValues['who'] })}
      />
      {values.who === 'phones' ? (
        <Field label="Phones" hint="One to a line, up to 10,000">
          <textarea
            rows={6}
            value={values.phones}
            onInput={(event) => set({ phones: event.currentTarget.value })}
          />
        </Field>
      ) : (
        <p class="quiet">
          {chosen.length === 0
            ? 'The list has no filter: every client is meant.'
            : chosen.map(([name, value]) => `${FILTER_NAMES[name] ?? name}: ${String(value)}`).join(', ')}
        </p>
      )}
    </>
  )
}
