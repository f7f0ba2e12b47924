import { Field } from '../../parts/field.tsx'
import { Select } from '../../parts/select.tsx'
import { CHANNEL_OPTIONS, type Channel } from './channel-names.ts'
import type { FormPart } from './check-form.ts'

/** How a mailing reaches its clients, and the subject where there is one. */
export function ChannelFields({ values, set, problem, started }: FormPart & { readonly started: boolean }) {
  return (
    <>
      {!started && (
        <Field
          label="Channel"
          error={problem('/channel')}
          hint={values.channel === 'gateway' ? undefined : 'Clients without such an address are left out.'}
        >
          <Select
            label="Channel"
            value={values.channel}
            options={CHANNEL_OPTIONS}
            onChange={(channel) => set({ channel: channel as Channel })}
          />
        </Field>
      )}
      {values.channel === 'email' && (
        <Field label="Subject" error={problem('/subject')}>
          <input
            value={values.subject}
            maxLength={1000}
            aria-invalid={problem('/subject') !== undefined}
            onInput={(event) => set({ subject: event.currentTarget.value })}
          />
        </Field>
      )}
    </>
  )
}
