import { TokenField } from '../../parts/token-field.tsx'
import type { FormPart } from './check-form.ts'

/** Who receives a mailing. */
export function AudienceFields({ values, set, problem, known }: FormPart & { known: readonly string[] }) {
  return (
    <>
      <TokenField
        label="Operators"
        placeholder={values.operatorCodes.length === 0 ? 'All operators' : 'Another code'}
        values={values.operatorCodes}
        known={known}
        hint="Press Enter to add a code. Clients with one of these codes receive the mailing."
        error={problem('/filter/operatorCodes')}
        onChange={(operatorCodes) => set({ operatorCodes })}
      />
      <TokenField
        label="Tags"
        placeholder={values.tags.length === 0 ? 'All tags' : 'Another tag'}
        values={values.tags}
        error={problem('/filter/tags')}
        onChange={(tags) => set({ tags })}
      />
      <TokenField
        label="Only clients who received"
        placeholder="Number of a mailing"
        values={values.received}
        hint="Clients to whom one of these mailings was sent."
        error={problem('/filter/received')}
        onChange={(received) => set({ received })}
      />
      <TokenField
        label="Only clients who have not received"
        placeholder="Number of a mailing"
        values={values.notReceived}
        hint="Clients to whom none of these mailings was or may have been sent."
        error={problem('/filter/notReceived')}
        onChange={(notReceived) => set({ notReceived })}
      />
    </>
  )
}
