import type { Permission } from '../../provider.ts';

/** Application permissions of Microsoft Graph, least first (permissions reference). */
export const permissions: readonly Permission[] = [
  {
    name: 'Directory.Read.All',
    neededFor: 'read',
    why: 'to find principals, their grants, roles and devices, and to read them back',
  },
  {
    name: 'User.EnableDisableAccount.All',
    neededFor: 'user.disable',
    why: 'to block sign-in and allow it again',
  },
  { name: 'User.RevokeSessions.All', neededFor: 'user.revoke-sessions', why: 'to revoke sessions' },
  {
    name: 'User-PasswordProfile.ReadWrite.All',
    neededFor: 'user.reset-password',
    why: 'to set a password that nobody knows',
  },
  {
    name: 'Device.ReadWrite.All',
    neededFor: 'device.disable',
    why: 'to disable devices and enable them again',
  },
  {
    name: 'UserAuthenticationMethod.ReadWrite.All',
    neededFor: 'authentication-method.delete',
    why: 'to see and delete methods',
  },
  {
    name: 'AppRoleAssignment.ReadWrite.All',
    neededFor: 'app-role-assignment.remove',
    why: 'to remove assignments and make them again',
  },
  {
    name: 'DelegatedPermissionGrant.ReadWrite.All',
    neededFor: 'consent.remove',
    why: 'to remove consents and make them again',
  },
  {
    name: 'RoleManagement.ReadWrite.Directory',
    neededFor: 'directory-role-assignment.remove',
    why: 'to remove directory roles and give them again',
  },
  {
    name: 'RoleEligibilitySchedule.ReadWrite.Directory',
    neededFor: 'eligible-role.remove',
    why: 'to see and remove roles that can be activated, and give them again',
  },
  {
    name: 'Application.ReadWrite.All',
    neededFor: 'service-principal.disable',
    why: 'to disable service principals and remove their credentials',
  },
];
