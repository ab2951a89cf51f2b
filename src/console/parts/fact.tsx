import type { ReactNode } from 'react'

/** A term, and what there is to say; nothing where there is nothing. */
export const Fact = ({ term, children }: { readonly term: string; readonly children: ReactNode }) =>
  children ? (
    <div className="fact">
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  ) : null
