"""Patients for other programs of the hospital."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.endpoint import FacilityApi
from apps.core.permission import Permission
from apps.patients import actions, queries

SEEN = ("id", "mrn", "name_hi", "name_en", "age_en", "sex", "village")


class PatientOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    mrn = serializers.CharField()
    name_hi = serializers.CharField()
    name_en = serializers.CharField()
    age_en = serializers.CharField()
    sex = serializers.CharField()
    village = serializers.CharField()


class PatientApi(FacilityApi):
    """PUT a patient under an id of the caller: sending it again changes nothing."""

    reads = Permission.PATIENT_REGISTER

    class Input(serializers.Serializer[Any]):
        name_hi = serializers.CharField(max_length=80, default="", allow_blank=True)
        name_en = serializers.CharField(max_length=80, default="", allow_blank=True)
        sex = serializers.ChoiceField(choices=list(queries.SEXES))
        age = serializers.IntegerField(min_value=0, max_value=9999)
        age_unit = serializers.ChoiceField(choices=list(queries.AGE_LIMITS), default="years")
        mobile = serializers.CharField(max_length=20, default="", allow_blank=True)
        guardian_relation = serializers.ChoiceField(
            choices=list(queries.RELATIONS), default="", allow_blank=True
        )
        guardian_name = serializers.CharField(max_length=80, default="", allow_blank=True)
        village = serializers.CharField(max_length=80, default="", allow_blank=True)
        panchayat = serializers.CharField(max_length=80, default="", allow_blank=True)
        block_code = serializers.CharField(max_length=12, default="", allow_blank=True)
        district_code = serializers.CharField(max_length=12, default="", allow_blank=True)
        language = serializers.ChoiceField(choices=["hi", "en"], default="hi")

    @extend_schema(request=Input, responses={200: PatientOut}, operation_id="register_patient")
    def put(self, request: Request, patient_id: UUID) -> Response:
        patient = actions.register(**self.parse(self.Input), id=patient_id, actor=self.actor)
        shown = queries.brief(patient)
        return Response({name: shown[name] for name in SEEN})


class PatientSearchApi(FacilityApi):
    """POST {"q": ...}: mobile, MRN or name. A body, because no name belongs in an address."""

    reads = Permission.PATIENT_SEARCH

    class Input(serializers.Serializer[Any]):
        q = serializers.CharField(min_length=2, max_length=80)

    @extend_schema(
        request=Input, responses={200: PatientOut(many=True)}, operation_id="search_patients"
    )
    def post(self, request: Request) -> Response:
        rows = queries.search(self.parse(self.Input)["q"])
        return Response([{name: row[name] for name in SEEN} for row in rows])
