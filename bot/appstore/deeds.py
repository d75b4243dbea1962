"""Acts as Apple's requests: one table of method, path and body; pure.

Sources: the pages of App Store Connect API that each row names, all below
https://developer.apple.com/documentation/appstoreconnectapi/.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.appstore import resources
from bot.appstore.resources import Json
from bot.appstore.wire import Sent
from bot.domain.acts import Act, ActVerb
from bot.domain.fields import Resource

VERSIONS = "appStoreVersions"
SUBMISSIONS = "reviewSubmissions"
ITEMS = "reviewSubmissionItems"
RELEASES = "appStoreVersionReleaseRequests"
PHASED = "appStoreVersionPhasedReleases"
TEXTS = Resource.VERSION.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """How an act is asked of Apple; `about` is what errors call it, both with {fields}.

    No `body` is a request without one.
    """

    method: str
    path: str
    about: str
    body: Callable[[Act], Json] | None = None

    def path_of(self, act: Act) -> str:
        """Return the path under /v1/."""
        return self.path.format(subject=act.subject)

    def sent(self, act: Act) -> Sent:
        """Return what goes along, named as errors name it."""
        named = {name: act.values.get(name, "") for name in ("versionString", "locale")}
        body = self.body(act) if self.body else None
        return Sent(body=body, about=self.about.format(**named))


def one(type_: str, id_: str) -> Json:
    """Return a to-one relationship; no id is none."""
    return {"data": {"type": type_, "id": id_} if id_ else None}


def made(
    type_: str, relationships: Mapping[str, Json], attributes: Mapping[str, object] | None = None
) -> Json:
    """Return the body of a POST; without attributes it has none, as Apple's examples."""
    data: dict[str, object] = {"type": type_, "relationships": relationships}
    return {"data": {**data, "attributes": attributes} if attributes else data}


def changed(type_: str, id_: str, attributes: Mapping[str, object]) -> Json:
    """Return the body of a PATCH."""
    return {"data": {"type": type_, "id": id_, "attributes": attributes}}


def _create_version(act: Act) -> Json:
    given = {name: value for name, value in act.values.items() if value}
    return made(VERSIONS, {"app": one("apps", act.subject)}, given)


def _set_build(act: Act) -> Json:
    return one("builds", act.values["build"])


def _set_release(act: Act) -> Json:
    given = {name: value or None for name, value in act.values.items()}
    return changed(VERSIONS, act.subject, given)


def _create_texts(act: Act) -> Json:
    texts = {name: text for name, text in act.values.items() if name != "locale"}
    return resources.create_body(Resource.VERSION, act.subject, act.values["locale"], texts)


def _update_texts(act: Act) -> Json:
    texts = {name: text for name, text in act.values.items() if name != "locale"}
    return resources.update_body(Resource.VERSION, act.subject, texts)


def _create_submission(act: Act) -> Json:
    platform = {"platform": act.values["platform"]}
    return made(SUBMISSIONS, {"app": one("apps", act.subject)}, platform)


def _add_item(act: Act) -> Json:
    version = one(VERSIONS, act.values["version"])
    return made(
        ITEMS, {"reviewSubmission": one(SUBMISSIONS, act.subject), "appStoreVersion": version}
    )


def _submit(act: Act) -> Json:
    return changed(SUBMISSIONS, act.subject, {"submitted": True})


def _cancel(act: Act) -> Json:
    return changed(SUBMISSIONS, act.subject, {"canceled": True})


def _request_release(act: Act) -> Json:
    return made(RELEASES, {"appStoreVersion": one(VERSIONS, act.subject)})


def _create_phased(act: Act) -> Json:
    return made(PHASED, {"appStoreVersion": one(VERSIONS, act.subject)}, dict(act.values))


def _set_phased(act: Act) -> Json:
    return changed(PHASED, act.subject, dict(act.values))


DEEDS: Mapping[ActVerb, Deed] = {
    # post-v1-appstoreversions
    ActVerb.CREATE_VERSION: Deed(
        method="POST", path=VERSIONS, about="version {versionString}", body=_create_version
    ),
    # patch-v1-appstoreversions-_id_-relationships-build: answers 204 with an empty body
    ActVerb.SET_BUILD: Deed(
        method="PATCH",
        path=f"{VERSIONS}/{{subject}}/relationships/build",
        about="the build",
        body=_set_build,
    ),
    # patch-v1-appstoreversions-_id_
    ActVerb.SET_RELEASE: Deed(
        method="PATCH",
        path=f"{VERSIONS}/{{subject}}",
        about="the release type and date",
        body=_set_release,
    ),
    # post-v1-appstoreversionlocalizations
    ActVerb.CREATE_TEXTS: Deed(
        method="POST", path=TEXTS, about="the texts for {locale}", body=_create_texts
    ),
    # patch-v1-appstoreversionlocalizations-_id_
    ActVerb.UPDATE_TEXTS: Deed(
        method="PATCH", path=f"{TEXTS}/{{subject}}", about="the texts", body=_update_texts
    ),
    # post-v1-reviewsubmissions
    ActVerb.CREATE_SUBMISSION: Deed(
        method="POST", path=SUBMISSIONS, about="a submission", body=_create_submission
    ),
    # post-v1-reviewsubmissionitems
    ActVerb.ADD_ITEM: Deed(
        method="POST", path=ITEMS, about="the version for review", body=_add_item
    ),
    # patch-v1-reviewsubmissions-_id_
    ActVerb.SUBMIT: Deed(
        method="PATCH", path=f"{SUBMISSIONS}/{{subject}}", about="the submission", body=_submit
    ),
    ActVerb.CANCEL: Deed(
        method="PATCH", path=f"{SUBMISSIONS}/{{subject}}", about="the cancellation", body=_cancel
    ),
    # post-v1-appstoreversionreleaserequests
    ActVerb.REQUEST_RELEASE: Deed(
        method="POST", path=RELEASES, about="the request to release", body=_request_release
    ),
    # post-v1-appstoreversionphasedreleases
    ActVerb.CREATE_PHASED: Deed(
        method="POST", path=PHASED, about="a phased release", body=_create_phased
    ),
    # patch-v1-appstoreversionphasedreleases-_id_
    ActVerb.SET_PHASED: Deed(
        method="PATCH",
        path=f"{PHASED}/{{subject}}",
        about="the change of the phased release",
        body=_set_phased,
    ),
    # delete-v1-appstoreversionphasedreleases-_id_
    ActVerb.DELETE_PHASED: Deed(
        method="DELETE",
        path=f"{PHASED}/{{subject}}",
        about="the end of the phased release",
    ),
}
