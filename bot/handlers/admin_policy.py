"""Administrators say what holds in rooms, and what becomes of numbers and addresses."""

from dataclasses import dataclass

from bot.handlers.admin import AdminPart, push
from bot.handlers.answers import Answer, errors, update
from bot.handlers.asks import Ask
from bot.handlers.front import Front
from bot.ids import Action, Callback
from bot.services.policies import Policies
from bot.services.refusals import SettingsRefused
from bot.texts import Translator
from bot.views.admin_policy import (
    ADDRESSES,
    OPTIONS,
    addresses_modal,
    addresses_saved,
    options_modal,
    options_saved,
    policy_refused,
    read_addresses_modal,
    read_options_modal,
)


@dataclass(frozen=True, slots=True)
class PolicyHandlers:
    """The handlers of policies."""

    policies: Policies
    front: Front

    @property
    def parts(self) -> tuple[AdminPart, ...]:
        """Room options, and numbers and addresses."""
        return (
            AdminPart(
                OPTIONS, {Action.ADMIN_OPTIONS: self._options}, {Callback.ADMIN_OPTIONS: self._options_submitted}
            ),
            AdminPart(
                ADDRESSES,
                {Action.ADMIN_ADDRESSES: self._addresses},
                {Callback.ADMIN_ADDRESSES: self._addresses_submitted},
            ),
        )

    async def _options(self, ask: Ask, t: Translator) -> Answer:
        return await push(self.front, ask, options_modal(await self.policies.see(ask.actor), t))

    async def _addresses(self, ask: Ask, t: Translator) -> Answer:
        return await push(self.front, ask, addresses_modal(await self.policies.see(ask.actor), t))

    async def _options_submitted(self, ask: Ask, t: Translator) -> Answer:
        try:
            saved = await self.policies.save_options(ask.call, read_options_modal(ask.view))
        except SettingsRefused as refused:
            return errors(policy_refused(refused.violations, t))
        return update(options_saved(saved, t))

    async def _addresses_submitted(self, ask: Ask, t: Translator) -> Answer:
        try:
            saved = await self.policies.save_addresses(ask.call, read_addresses_modal(ask.view))
        except SettingsRefused as refused:
            return errors(policy_refused(refused.violations, t))
        return update(addresses_saved(saved, t))
