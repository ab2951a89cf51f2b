import type { ReactNode } from 'react'
import { Checkbox, type CheckboxProps } from 'react-aria-components/Checkbox'

import { Icon } from './icon.js'

interface Props extends Omit<CheckboxProps, 'children' | 'className'> {
  readonly children: ReactNode
}

/** A box to tick. */
export const Tick = ({ children, ...rest }: Props) => (
  <Checkbox {...rest} className="tick">
    <span className="tick-box">
      <Icon name="check" />
    </span>
    <span>{children}</span>
  </Checkbox>
)
