import type { ReactNode } from 'react'
import { Button as Widget, type ButtonProps } from 'react-aria-components/Button'

import { Icon, type IconName } from './icon.js'

interface Props extends Omit<ButtonProps, 'children' | 'className'> {
  readonly look?: 'primary' | 'plain' | 'quiet' | 'danger'
  readonly icon?: IconName
  readonly children?: ReactNode
}

/** A button; while what it began is under way it is busy, and keeps its width. */
export const Button = ({ look = 'plain', icon, children, ...rest }: Props) => (
  <Widget {...rest} className={`button button-${look}${children === undefined ? ' button-icon' : ''}`}>
    {icon && <Icon name={icon} />}
    {children !== undefined && <span>{children}</span>}
  </Widget>
)
