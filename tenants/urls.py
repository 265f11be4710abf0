"""Addresses of this room."""

from django.urls import path

from tenants.views import contacts, people, registrations, self, units, work

app_name = "tenants"
urlpatterns = [
    path("organisation/", units.organisation, name="organisation"),
    path("organisation/<int:pk>/", units.organisation, name="unit"),
    path("organisation/<int:pk>/edit/", units.edit, name="edit"),
    path("organisation/<int:pk>/state/", units.state, name="state"),
    path("organisation/<int:unit>/invite/", people.invite, name="invite"),
    path("organisation/<int:pk>/contacts/", contacts.contacts, name="contacts"),
    path("organisation/<int:unit>/sites/new/", units.site, name="site_new"),
    path("organisation/sites/<int:pk>/", units.site, name="site"),
    path("organisation/units/", units.units, name="units"),
    path("organisation/units/new/", units.unit_new, name="unit_new"),
    path("organisation/partners/", units.partners, name="partners"),
    path("organisation/partners/new/", units.partner_new, name="partner_new"),
    path("organisation/registrations/<int:pk>/", registrations.registration, name="registration"),
    path("organisation/work/", work.see_to, name="work"),
    path("organisation/members/<int:pk>/", people.member, name="member"),
    path("organisation/invitations/<int:pk>/", people.invitation, name="invitation"),
    path("organisation/delegations/", self.delegations, name="delegations"),
    path("organisation/delegations/<int:pk>/end/", self.end_delegation, name="end_delegation"),
    path("memberships/", self.memberships, name="memberships"),
    path("switch/", self.switch, name="switch"),
    path("profile/", self.profile, name="profile"),
    path("invitations/<str:token>/", self.accept, name="accept"),
]
